// Every word of the pages, [Chinese, English] side by side so that neither can be forgotten.
// The table is strict JSON: a test reads it from this file.

const WORDS = {
  "app.name": ["军师", "Junshi"],
  "app.tagline": ["每一句都有客户原话为证", "Every sentence rests on the customer's words"],
  "app.language": ["界面语言", "Language"],
  "app.skip": ["跳到军师建议", "Skip to suggestions"],
  "app.retry": ["重试", "Try again"],
  "app.loading": ["正在读取…", "Reading…"],
  "app.failed": ["没有读到", "This could not be read"],
  "app.offline": ["连不上服务。", "The server does not answer."],
  "app.none": ["未填写", "Not set"],
  "app.you": ["您", "you"],

  "key.title": ["需要 API 密钥", "An API key is needed"],
  "key.hint": ["由 junshi key 命令生成；只保存在本标签页。", "The command “junshi key” makes one. It is kept in this tab only."],
  "key.label": ["API 密钥", "API key"],
  "key.open": ["进入", "Open"],
  "key.refused": ["这个密钥不被接受。", "This key is not accepted."],

  "deals.title": ["商机", "Deals"],
  "deals.choose": ["选择商机", "Choose a deal"],
  "deals.empty": ["还没有导入任何商机。", "No deals have been ingested yet."],
  "deals.none_named": ["地址里没有商机：请使用 sidebar.html?deal=…", "No deal is named: use sidebar.html?deal=…"],

  "record.label": ["客户记录", "CRM record"],
  "record.opportunity": ["商机信息", "Opportunity"],
  "record.account": ["客户信息", "Account"],
  "record.contacts": ["联系人", "Contacts"],
  "record.timeline": ["往来记录", "Touchpoints"],
  "record.timeline_count": ["{n} 条", "{n}"],
  "record.stage_path": ["销售阶段", "Sales stage"],
  "record.deviates": ["与客户所说不一致", "Differs from what the customer said"],
  "record.decision_maker": ["决策人", "Decision maker"],
  "record.automatic": ["自动回复", "Automatic reply"],
  "record.employees": ["{n} 人", "{n} employees"],
  "record.no_touchpoints": ["还没有邮件或会议记录。", "There are no e-mails or meetings yet."],

  "field.account": ["客户", "Account"],
  "field.industry": ["行业", "Industry"],
  "field.region": ["地区", "Region"],
  "field.n_employees": ["规模", "Size"],
  "field.deal": ["商机", "Opportunity"],
  "field.stage": ["阶段", "Stage"],
  "field.amount": ["金额", "Amount"],
  "field.currency": ["币种", "Currency"],
  "field.expected_close": ["预计成交", "Expected close"],
  "field.budget_status": ["预算状态", "Budget status"],
  "field.decision_maker": ["决策人", "Decision maker"],
  "field.competitors": ["竞争对手", "Competitors"],
  "field.trial_window": ["试用时间", "Trial window"],
  "field.next_step": ["下一步", "Next step"],
  "field.rep": ["负责销售", "Owner"],
  "field.products": ["产品", "Products"],
  "field.csat": ["满意度", "Satisfaction"],
  "field.created_at": ["创建时间", "Created"],
  "field.updated_at": ["记录更新", "Record updated"],
  "field.name": ["姓名", "Name"],
  "field.title": ["职务", "Title"],
  "field.email": ["邮箱", "E-mail"],
  "field.phone": ["电话", "Phone"],

  "stage.lead": ["线索", "Lead"],
  "stage.qualified": ["已确认", "Qualified"],
  "stage.demo": ["演示", "Demo"],
  "stage.poc": ["试点", "POC"],
  "stage.proposal": ["方案报价", "Proposal"],
  "stage.negotiation": ["谈判", "Negotiation"],
  "stage.won": ["赢单", "Won"],
  "stage.lost": ["丢单", "Lost"],

  "budget.unknown": ["未知", "Unknown"],
  "budget.approved": ["已批", "Approved"],
  "budget.doubtful": ["存疑", "Doubtful"],

  "industry.manufacturing": ["制造业", "Manufacturing"],
  "industry.saas": ["软件服务", "SaaS"],
  "industry.medical": ["医疗", "Healthcare"],
  "industry.retail": ["零售", "Retail"],
  "industry.education": ["教育", "Education"],

  "channel.email": ["邮件", "E-mail"],
  "channel.meeting": ["会议", "Meeting"],
  "channel.chat": ["聊天", "Chat"],
  "channel.crm": ["CRM", "CRM"],
  "channel.term": ["术语", "Term"],
  "channel.knowledge": ["资料", "Knowledge"],

  "role.customer": ["客户", "customer"],
  "role.rep": ["我方", "our side"],
  "role.unknown": ["未知", "unknown"],

  "coach.count_one": ["1 条建议", "1 suggestion"],
  "coach.count_many": ["{n} 条建议", "{n} suggestions"],
  "coach.count_none": ["暂无建议", "No suggestion"],
  "coach.suggestions": ["建议", "Suggestions"],
  "coach.abstained": ["证据不足，暂不建议", "Not enough evidence for a suggestion"],
  "coach.abstained_hint": ["军师宁可不说，也不猜。补上下面这些就能给出建议：", "Junshi would rather be silent than guess. This is what it is waiting for:"],
  "coach.all_answered": ["这些建议您都已反馈，暂无新的建议。", "You have answered every suggestion; there is no new one."],
  "coach.why": ["依据", "Why"],
  "coach.wrong_if": ["不适用于", "Wrong if"],
  "coach.forbidden": ["切勿", "Do not"],
  "coach.scoring": ["评分依据", "How this is scored"],
  "coach.comma": ["；", "; "],
  "coach.stale": ["依据的文件已更新，建议可能过时", "A source has changed since: this may be out of date"],
  "coach.drafted_by_model": ["由语言模型改写，已核验", "Worded by the language model, verified"],
  "coach.dropped_one": ["1 条说法未通过核验，已略去", "1 claim failed verification and was left out"],
  "coach.dropped_many": ["{n} 条说法未通过核验，已略去", "{n} claims failed verification and were left out"],
  "coach.degraded": ["降级运行：{what}", "Running reduced: {what}"],

  "word.low": ["较低", "low"],
  "word.medium": ["中等", "medium"],
  "word.high": ["较高", "high"],
  "basis.prior": ["先验", "prior"],
  "basis.calibrated": ["已按 {n} 次反馈校准", "calibrated on {n} verdicts"],
  "basis.prior_hint": ["反馈还不够多：这是按证据强弱给出的先验估计", "A prior estimate from the strength of the evidence; too few verdicts yet to calibrate it"],

  "feature.evidence_support": ["证据条数", "Amount of evidence"],
  "feature.intent_p": ["意图把握", "Certainty of intent"],
  "feature.channel_agreement": ["多渠道印证", "Channels that agree"],
  "feature.recency": ["新近程度", "Recency"],
  "feature.play_weight": ["打法权重", "Weight of the play"],
  "feature.play_acceptance": ["打法采纳率", "Play's acceptance so far"],

  "verdict.accept": ["采纳", "Accept"],
  "verdict.partly": ["部分采纳", "Partly"],
  "verdict.reject": ["不采纳", "Reject"],
  "verdict.accepted": ["已采纳", "Accepted"],
  "verdict.partly_accepted": ["已部分采纳", "Partly accepted"],
  "verdict.rejected": ["未采纳", "Rejected"],
  "verdict.by": ["{who}，{when}", "by {who}, {when}"],
  "verdict.change": ["更改", "Change"],
  "verdict.which": ["哪几条依据成立？", "Which claims hold?"],
  "verdict.reason": ["原因", "Reason"],
  "verdict.choose_reason": ["请选择原因", "Choose a reason"],
  "verdict.comment": ["补充说明", "Comment"],
  "verdict.comment_optional": ["补充说明（可不填）", "Comment (optional)"],
  "verdict.send": ["提交", "Send"],
  "verdict.sending": ["正在保存…", "Saving…"],
  "verdict.cancel": ["取消", "Cancel"],
  "verdict.needs_reason": ["请先选择原因。", "Choose a reason first."],
  "verdict.needs_comment": ["选“其他”时请写明原因。", "For “other”, say what it was."],
  "verdict.needs_claims": ["请选出一部分：至少一条，但不是全部。", "Pick some of the claims: at least one, but not all."],
  "verdict.saved": ["反馈已保存。", "Your verdict is saved."],
  "verdict.kept": ["成立：{what}", "Kept: {what}"],
  "verdict.group": ["您的反馈", "Your verdict"],
  "verdict.single": ["只有一条依据，无法部分采纳", "There is only one claim to accept"],
  "verdict.earlier": ["已反馈的建议", "Answered before"],

  "origin.title": ["这条建议从哪里来", "Where this suggestion comes from"],
  "origin.open": ["查看出处", "Where this comes from"],
  "origin.none_named": ["地址里没有建议：请使用 provenance.html?suggestion=…", "No suggestion is named: use provenance.html?suggestion=…"],
  "origin.shown_at": ["{when} 给出", "Shown {when}"],
  "origin.words": ["依据的原话", "The words it rests on"],
  "origin.holds": ["今天仍然成立", "Still holds today"],
  "origin.fallen": ["今天不再成立", "No longer holds today"],
  "origin.unchanged": ["原文未变", "The original is unchanged"],
  "origin.moved": ["文件改过，原话仍在", "The file was edited; the words still stand"],
  "origin.lost": ["文件改过，原话已找不到", "The file was edited; the words are gone"],
  "origin.gone": ["文件已被移除", "The file was removed"],
  "origin.was_moved": ["展示之后文件改过，原话已在新版本里重新找到。", "A file was edited since; the words were found again in its new version."],
  "origin.evidence_lost": ["有一句依据已经找不到，这条建议已作废。", "Words that it rests on are gone: it is out of date."],
  "origin.source_gone": ["它依据的文件已被移除，这条建议已作废。", "A file that it rests on was removed: it is out of date."],
  "origin.source_changed": ["它依据的文件改过，这条建议已作废。", "A file that it rests on was edited: it is out of date."],
  "origin.drawn_again": ["同样的建议已按新版本重新给出。", "The same suggestion was drawn again from the new version."],
  "origin.exports": ["导出文件", "Files to take along"],
  "origin.prov": ["出处链 (PROV-JSON)", "Provenance (PROV-JSON)"],
  "origin.annotations": ["原文标注 (Web Annotation)", "Annotations (Web Annotation)"],

  "reason.wrong_stage": ["阶段不对", "Wrong stage"],
  "reason.customer_already_refused": ["客户已经拒绝过", "The customer has refused this already"],
  "reason.price_not_approved": ["价格未获批准", "Price not approved"],
  "reason.wrong_person": ["找错了人", "Wrong person"],
  "reason.stale_fact": ["情况已经变了", "The facts have changed"],
  "reason.wrong_evidence": ["证据不支持", "The evidence does not show this"],
  "reason.not_our_way": ["不合我们的做法", "Not how we work"],
  "reason.other": ["其他", "Other"],

  "forbidden.gift_public_buyer": ["给公立机构采购人员送礼或好处", "give gifts or favours to a public buyer"],
  "forbidden.unapproved_discount": ["未经批准让价", "offer a discount that is not approved"],
  "forbidden.unapproved_promise": ["未经批准作出承诺", "promise what is not approved"],
  "forbidden.disparage_competitor": ["贬低竞争对手", "talk a competitor down"],
  "forbidden.bypass_procurement": ["绕开客户的采购流程", "go round the customer's procurement"],
  "forbidden.false_urgency": ["制造虚假紧迫感", "create false urgency"],
  "forbidden.share_other_customer_data": ["透露其他客户的信息", "share another customer's information"],

  "intents.title": ["客户想要什么", "What the customer wants"],
  "intents.none": ["客户的话里还没有明确的意图。", "Nothing the customer said shows a clear intent."],
  "intents.all": ["显示全部 {n} 项", "Show all {n}"],
  "intents.fewer": ["收起", "Show fewer"],
  "intents.changed": ["改口：此前是“{what}”", "changed: earlier “{what}”"],
  "intents.certainty": ["把握 {p}", "certainty {p}"],

  "intent.need.pain": ["痛点", "Pain point"],
  "intent.need.requirement": ["功能需求", "Requirement"],
  "intent.need.outcome": ["期望成效", "Desired outcome"],
  "intent.money.budget_doubt": ["预算存疑", "Budget in doubt"],
  "intent.money.budget_ready": ["预算到位", "Budget ready"],
  "intent.money.price_objection": ["价格异议", "Price objection"],
  "intent.money.discount_request": ["要求优惠", "Discount request"],
  "intent.money.value_question": ["追问回报", "Value question"],
  "intent.decision.authority": ["谁来拍板", "Who decides"],
  "intent.decision.process": ["采购流程", "Buying process"],
  "intent.decision.timeline": ["决策时间", "Timeline"],
  "intent.decision.trial": ["试点试用", "Trial or pilot"],
  "intent.decision.commitment": ["承诺推进", "Commitment"],
  "intent.decision.stall": ["推迟搁置", "Stalling"],
  "intent.decision.rejection": ["拒绝", "Rejection"],
  "intent.competition.mention": ["提到竞品", "Competitor mentioned"],
  "intent.competition.preference": ["偏向竞品", "Prefers a competitor"],
  "intent.risk.compliance": ["合规安全", "Compliance and security"],
  "intent.risk.integration": ["系统对接", "Integration worry"],
  "intent.risk.delivery": ["交付实施", "Delivery worry"],
  "intent.risk.proof_request": ["要求证明", "Wants proof"],
  "intent.lifecycle.complaint": ["投诉", "Complaint"],
  "intent.lifecycle.churn_risk": ["流失风险", "Churn risk"],
  "intent.lifecycle.renewal": ["续约", "Renewal"],
  "intent.lifecycle.expansion": ["增购", "Expansion"],
  "intent.lifecycle.referral": ["愿意推荐", "Referral"],

  "moments.title": ["关键时刻", "Key moments"],
  "moments.one": ["1 场会议", "1 meeting"],
  "moments.many": ["{n} 场会议", "{n} meetings"],
  "moments.none": ["这场会议没有可读的内容。", "Nothing was said that could be read."],

  "deviations.title": ["客户所说与 CRM 不一致", "Deviations from the CRM"],
  "deviations.none": ["客户所说与 CRM 没有冲突。", "Nothing the customer said contradicts the CRM."],
  "deviations.crm": ["CRM 记录", "CRM says"],
  "deviations.observed": ["客户说法", "Customer says"],
  "deviations.proposed": ["建议改为", "Set to"],
  "deviations.accept": ["同意修改", "Agree"],
  "deviations.dismiss": ["不改", "Keep as is"],
  "deviations.accepted": ["已同意，请在 CRM 里更新。", "Agreed. Update it in the CRM."],
  "deviations.dismissed": ["已记下：不改。", "Noted: kept as it is."],
  "deviations.consistent": ["一致", "Consistent"],
  "deviations.undecided": ["尚无定论", "Not settled"],
  "severity.high": ["严重", "high"],
  "severity.medium": ["中等", "medium"],
  "severity.low": ["轻微", "low"],

  "missing.title": ["还缺什么", "What is missing"],

  "source.close": ["关闭来源", "Close source"],
  "source.reported": ["转述", "reported"],
  "source.open": ["查看来源：{what}", "Show source: {what}"],
  "source.title": ["来源", "Source"],
  "source.file": ["文件", "File"],
  "source.from": ["发件人", "From"],
  "source.to": ["收件人", "To"],
  "source.with": ["与会人", "With"],
  "source.date": ["日期", "Date"],
  "source.version": ["第 {n} 版", "version {n}"],
  "source.field": ["字段", "Field"],
  "source.pack": ["词表", "Pack"],
  "source.zh": ["中文", "Chinese"],
  "source.en": ["英文", "English"],
  "source.also": ["又称", "Also called"],
  "source.broader": ["上位概念", "Broader terms"],
  "source.moved": ["引文位置在现存文本中对不上，下面是全文。", "The quoted words are not where they should be; this is the whole text."],
  "region.quoted": ["引用的旧邮件", "Quoted mail"],
  "region.signature": ["签名", "Signature"],
  "region.footer": ["页脚", "Footer"]
};

const PLACE = 'junshi.language';
const listeners = new Set();
let current = firstLanguage();

function firstLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked === 'zh' || asked === 'en') return asked;
  const kept = remembered();
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function remembered() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    // A frame of another site may have no storage; the browser's language is used then.
    return null;
  }
}

export function language() {
  return current;
}

export function setLanguage(chosen) {
  current = chosen;
  try {
    localStorage.setItem(PLACE, chosen);
  } catch {
    // Not remembered; the choice still holds for this page.
  }
  for (const tell of listeners) tell();
}

export function onLanguage(tell) {
  listeners.add(tell);
}

/** The words of a key in the current language, with {name} filled in. An unknown key throws. */
export function t(key, fill = {}) {
  const pair = WORDS[key];
  if (!pair) throw new Error(`no words for ${key}`);
  return pair[current === 'zh' ? 0 : 1].replace(/\{(\w+)\}/g, (_, name) => String(fill[name]));
}

/** The words of a code that data brings along; the code itself where the table does not know it. */
export function label(group, code) {
  const pair = WORDS[`${group}.${code}`];
  return pair ? pair[current === 'zh' ? 0 : 1] : String(code);
}

/** One side of a sentence that the server sends in both languages. */
export function pick(text) {
  return text[current];
}
