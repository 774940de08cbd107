"""Words that a claim may use about the record itself: who spoke, when, where, which CRM field.

They carry nothing that a quote could bear, so they are neither looked for in the evidence nor
taken for names. Tables only; retrieval/wording.py and retrieval/speakers.py read with them.
"""

from __future__ import annotations

import re

# ---- saying ------------------------------------------------------------------------------------

# Verbs that only report; they add nothing to what was said.
REPORTING_ZH = (
    "说过 说到 说道 说明 说 表示 表态 提到 提出 提起 提过 谈到 谈起 谈过 讲过 讲到 讲"
    " 问到 追问 询问 问 反映 反馈 指出 介绍 透露 流露 强调 回复 告诉 通知 认为 觉得 发言"
    " 声称 宣称 坦言 直言 补充道 解释说 回应 承认 表明 答复 提醒 声明 说起"
).split()
# Verbs that also say what kind of thing was said: content of a paraphrase.
SPEECH_ACTS_ZH = (
    "要求 希望 担心 承诺 答应 同意 确认 投诉 抱怨 拒绝 坚持 建议 催 愿意"
    " 想看 想要 给了 给过 给出 反对"
).split()
REPORTING_EN = (
    "said says say told tells mentioned mentions stated states spoke speaks described describes"
    " reported reports noted notes explained explains wrote writes named names raised raises"
    " thinks thought believes gave gives saw sees added adds pointed points claimed claims"
    " indicated indicates replied replies responded answered remarked announced acknowledged"
    " admitted warned clarified commented recalled emphasised emphasized stressed"
).split()
SPEECH_ACTS_EN = (
    "asked asks wants wanted requested requests worried worries objected objects committed commits"
    " declined declines complained complains hinted hints promised promises confirmed confirms"
    " agreed agrees insisted insists refused refuses hopes hoped expects expected prefers preferred"
    " suggested suggests demanded demands accepted accepts put"
).split()

# ---- the record --------------------------------------------------------------------------------

FRAME_ZH = (
    "客户方 客户 对方 我方 您方 我们 联系人 会议 邮件 聊天 电话 资料 纪要 渠道 沟通 上次 最近"
    " 目前 现在 曾经 曾 已经 再次 全部 多个 来自 说话 占大头 仍待答复 问题 这个"
    " 那个 属于 公立单位 登记 其中 方面"
).split()
FUNCTION_ZH = frozenset(
    "的了在是和与都有对把给过就也从到这那其里中上下还又则着吧吗呢及或及为被让使个"
)
# Only where CRM evidence stands behind the claim.
FIELDS_ZH = (
    "crm 预计成交日期 预计成交日 预算状态 试用时间 后续安排 下一步 竞争对手 决策人 员工数 满意度"
    " 金额 阶段 币种 产品 行业 地区 商机 销售 试用"
    " 正在进行 结束 过去 栏 空的 空"
).split()

FRAME_EN = frozenset(
    (
        "a an the this that these those it its they them their he she his her we us our you your i"
        " and or but of in on at to for from by with about as into than then so also still yet"
        " is are was were be been being am do does did done have has had having will would shall"
        " should can could may might must not no hasn haven hadn isn aren wasn weren don doesn didn"
        " won wouldn couldn shouldn ain"
        " customer customers contact buyer side rep meeting meetings e-mail email mail chat call"
        " document channel channels several every word words so far came last spoken talking talk"
        " most question awaits reply listed public body result point problem there here what which"
        " who when where how whether if more very"
    ).split()
)
FIELDS_EN = frozenset(
    (
        "crm expected close stage amount currency budget status decision maker competitors trial"
        " window next step field empty products industry region employees sales opportunity"
        " satisfaction score account running ended passed"
    ).split()
)

# Capitals that name no product and no company.
ORDINARY_CAPITALS = frozenset(
    (
        "crm i ok ceo cfo cto cio coo cmo vp hr it qa pm r&d poc saas sla roi tco nda rfp rfi rfq"
        " po sow kpi api ui faq pdf excel ppt vat b2b ai q&a mr mrs ms dr prof eur usd cny gbp rmb"
        " hkd jpy english chinese china demo e-mail email app web wifi vpn id offer bug"
        " january february march april may june july august september october november december"
        " jan feb mar apr jun jul aug sep sept oct nov dec"
        " monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
    ).split()
)

# ---- Chinese personal names --------------------------------------------------------------------

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范石廖贾韦付夏傅方邹熊孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤高余金白阎"
)
# Surnames that end or begin so many ordinary words that a title behind them proves nothing.
_TITLED = "".join(c for c in SURNAMES if c not in "任方程万钱余金白江高向莫武石龙段毛夏田雷")
TITLED_NAME = re.compile(
    rf"(?P<surname>[{_TITLED}])(?P<title>总(?![结额部体量共计是价成表览数会有要得算归])|工(?![作程具期时业厂艺序地单况])"
    r"|经理|主任|院长|处长|局长|老师|先生|女士|教授|校长|厂长|科长|部长|董事长|总监)"
)
# Ordinary words that look like a name in front of a verb.
NOT_NAMES = frozenset(
    (
        "安全 高管 高层 方案 方面 金额 金融 马上 石油 万一 向来 段落 江苏 任何 夏天 白天 严格"
        " 范围 程序 任务 何时 周期 周末 钱款 余额 余下 毛利 雷达 田间 武汉 石家 黄金 江西 陆续"
        " 贺信 顾客 顾问 侯选 严肃 许多 曾经 曾多次 高度 方便 林业 史料 金蝶 马达"
    ).split()
)

# Surnames as pinyin writes them, with the commonest spellings of Hong Kong and Taiwan.
_PINYIN = (
    " wang:王汪 li:李黎厉利 zhang:张章 liu:刘柳 chen:陈谌 yang:杨阳 huang:黄"
    " zhao:赵 wu:吴武伍邬 zhou:周 xu:徐许胥 sun:孙 ma:马麻 zhu:朱祝诸竺 hu:胡 guo:郭"
    " he:何贺和 lin:林蔺 luo:罗骆 zheng:郑 liang:梁 xie:谢解 song:宋 tang:唐汤"
    " han:韩 feng:冯封凤 deng:邓 cao:曹 peng:彭 zeng:曾 xiao:肖萧 tian:田"
    " dong:董 yuan:袁苑 pan:潘 jiang:蒋姜江 cai:蔡 du:杜 ye:叶 cheng:程成 su:苏"
    " wei:魏韦卫 lv:吕 lu:吕陆卢鲁路 ding:丁 ren:任 shen:沈申 yao:姚 cui:崔"
    " zhong:钟仲 tan:谭 fan:范樊 shi:石史施时 liao:廖 jia:贾 fu:付傅符 xia:夏"
    " fang:方房 zou:邹 xiong:熊 meng:孟蒙 qin:秦覃 qiu:邱丘 yin:尹殷 xue:薛"
    " yan:闫严颜阎 duan:段 lei:雷 hou:侯 long:龙 tao:陶 gu:顾古谷 mao:毛 hao:郝"
    " gong:龚宫 shao:邵 wan:万 qian:钱 dai:戴 mo:莫 kong:孔 xiang:向项 gao:高"
    " yu:余于俞喻虞 jin:金靳 bai:白 tong:童佟 pu:蒲 ai:艾 wen:温文闻 chu:楚 chai:柴"
    " huo:霍 ke:柯 zhai:翟 gan:甘 qi:齐戚祁 kang:康 lan:兰蓝 min:闵 ji:季纪吉"
    " mei:梅 sheng:盛 diao:刁 xin:辛 guan:关管 jian:简 miao:苗缪 qu:曲屈"
    " ouyang:欧阳 situ:司徒 zhuge:诸葛 shangguan:上官 niu:牛 ni:倪 ou:区欧"
    " tu:涂屠 bao:包鲍 yue:岳 chang:常 chan:陈 wong:王黄 cheung:张 lam:林"
    " lee:李 ng:吴 leung:梁 kwok:郭 ho:何 lau:刘 tam:谭 yip:叶 chow:周"
    " tsang:曾 fung:冯 mak:麦 lai:黎 choi:蔡 tsai:蔡 hsu:徐许 hsieh:谢"
    " kuo:郭 chiang:蒋江"
)
SPELT_SURNAMES = {
    spelling: frozenset(surnames.split("|")) | frozenset(surnames)
    for spelling, _, surnames in (entry.partition(":") for entry in _PINYIN.split())
}
