"""Whether the money is there, in the idioms that buyers use for it.

"The loan's sitting there", 在盘子里, "I wouldn't bet my lunch on it": no word of a budget or of
its approval, and still the plainest statement on it. The money of another purchase is named as
that purchase's: the boiler request, 蒸箱那一百二十万.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.fact_sentence import BLANK, Statement, is_question
from agents.intent.fact_thread import Found, Line, Thread

APPROVED, DOUBTFUL = "approved", "doubtful"
WEAK = 0.6

_MONEY = re.compile(
    r"钱|款|资金|预算|经费|批|财务|财政|拨|专项|账上|科目|盘子|投资|额度|万|掏|董事会|投委会"
    r"|集团|总部|\b(?:money|funds?|funding"
    r"|funded|budget\w*|grant|award\w*|capital|capex|loan|bank|dime|dollars?|cash|pot|reserve"
    r"|spend\w*|line|plan|request|board|trustees|finance|cfo|figure|memo|approved|approval"
    r"|afford|partners|allocat\w*)\b"
)
_READY = re.compile(
    r"(?:钱|款|资金)(?:的事|这块)?(?:你|您)?(?:就)?(?:放心|不用(?:催|愁|管|操心))|划(?:到"
    r"|进)[^,。]{0,8}(?:科目|预算|账|里)"
    r"|专款专用|点过头|(?:教代会|股东(?:群|会)|董事会|家委会)[^,。没未还]{0,6}(?:就)?(?:过"
    r"|通过|同意)|红头文|列(?:在"
    r"|进)[^,。]{2,10}(?:里|中)(?:了|$|[,。])|列进[^,。]{0,12}计划|流程[^,。]{0,5}(?:走完"
    r"|过)了|趴着|已经可以付|批好(?:的"
    r"|了)|批复[^,。]{0,4}(?:下来|到|有)|放行(?:了|$|[,。])|列支|(?:在"
    r"|进)(?:了)?(?:年度)?(?:盘子|预算|计划)[里内](?!没)"
    r"|(?:钱|款|资金)[^,。]{0,8}(?:放着|在那|在账|趴着|备|留|到了|到账|到位|够|不愁|不缺"
    r"|不是问题|没问题|有了|有着落|落袋|不用(?:你|您|担心"
    r"|操心|愁|管))|到账|拨(?:下来|到|付|了)|下达|批(?:条|齐|过的|了的|下来)|(?:签|批)了(?:字"
    r"|全额)|早(?:就)?(?:批|备|预备|列|有"
    r"|留)[^,。]{0,6}了?|(?:投委会|董事会|校务会|党委会|办公会|集团|总部|理事会|老板|校长|局里"
    r"|财政)[^,。没未还]{0,10}(?:过了|批了|同意"
    r"|点(?:了)?头|盖(?:过)?章|签了|放行|通过)|专项[^,。]{0,8}(?:批|下|到|里|切|走)|(?:预算"
    r"|计划)内的|花不完|必须(?:年底"
    r"|年前)[^,。]{0,4}(?:花|支)|(?:切|留|划|腾)出来(?:的|了)|把(?:钱|款|字)[^,。]{0,4}(?:签"
    r"|批|拨)了|随时(?:能|可以)付"
    r"|列着(?=$|[,。])|可以用(?=$|[,。])|款项是预算内|有(?:这个|这笔|专门的)?钱(?=$|[,。])"
    r"|\b(?:money's (?:done|in)|wired it|ring-?fenced|minuted it|you're covered"
    r"|cash goes to this|(?:passed|voted) (?:it|your|the|this) (?:project|purchase|spend)?"
    r"|formally set aside|settled from the money side|facility came through|sat in the capex"
    r"|(?:signed off|approved|passed|cleared|funded|voted) in (?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec|spring|summer)\w*|no drama on the money|set (?:the |that )?(?:money"
    r"|funds|cash)? ?aside|bank said yes|(?:loan|money|cash|funding|funds|budget|reserve"
    r"|capital|grant|it)(?:'s| is| has been|'s been)? (?:all )?(?:sitting|parked|there|here"
    r"|in place|in the bank|real|locked|lined up|secured|ours|good|available|released|freed"
    r"|cleared|approved|signed|committed|earmarked|ring-?fenced|safe)\b|(?:money|cash|funding"
    r"|budget|funds)(?:'s| is)? (?:not|isn't|no|never) (?:the |a |an |my |our )?(?:problem"
    r"|issue|worry|concern|question)|(?:is|it's|are) (?:in|on) (?:the|our|this year's"
    r"|next year's) (?:approved )?(?:plan|budget|books|line)|approved (?:plan|budget|line"
    r"|capital)|(?:line|request|item|money|spend|purchase|capex|capital|budget|funding|grant"
    r"|business case|figure|number)\b[^.;!?]{0,20}\b(?:approved|released|signed(?: off)?"
    r"|cleared|went through|came through|passed|green-?lit|granted)|(?:full|whole) award"
    r"|ours to spend|award(?:ed)? (?:letter|came)|(?:trustees|board|partners|finance|cfo"
    r"|committee|council|bank|owners?|investors|legislature"
    r"|regents)\b[^.;!?]{0,24}\b(?:released|approved|signed off|funded|set aside|ok'd|okayed"
    r"|blessed|cleared|voted (?:it|for|yes)|green-?lit|said yes|gave (?:us )?the (?:nod"
    r"|green light|go-ahead))|it's funded|fully funded|we're funded|no strings"
    r"|told the bank to release|there's (?:money|budget|funding)|have (?:the )?(?:money|budget"
    r"|funding|funds) (?:for|set|in)|(?:money|budget)'s (?:done|settled|sorted)"
    r"|got the (?:money|funding|budget)|use it or lose it|must be spent|has to be spent"
    r"|cut the (?:check|po))\b"
)
_DOUBT = re.compile(
    r"(?:心里)?没(?:真)?底|没把握|收回去|(?:不知道|谁知道|还不知)[^,。]{0,8}(?:钱|预算|批)"
    r"|看(?:上面|他们)(?:的)?脸色|不作数"
    r"|重新(?:审|批|过|报)|(?:得|要|还要)再?重新(?:过|审|批)|不敢(?:说|打包票|保证)|打包票"
    r"|没(?:有)?(?:着落|影|谱|根|松口|批|拨|下来|放"
    r"|到位|敲定|定论|底)|着落[^,。]{0,3}没|账上[^,。]{0,4}(?:紧|没|空)|打哈哈|两说|听天由命"
    r"|(?:未必|不一定|不见得|不大|不太)(?:肯|愿"
    r"|会|能)?(?:掏|批|给|出|拿|有|下)|悬(?:着|了|得|$|[,。])|拆东墙|(?:盯着"
    r"|抠)[^,。]{0,4}(?:每一?分|钱)|根本没钱|没钱(?!的)"
    r"|不宽裕|手头紧|勒紧|砍(?:了|掉|一刀)|冻结|压(?:缩|减|了)|缓(?:一缓|批)|够呛|难说|不好说"
    r"|说不准|没戏|泡汤|黄了|收回去|(?:钱|预算|资金"
    r"|经费)[^,。]{0,10}(?:不够|紧|没|悬|缩|砍|停|卡|难|愁|少|未批|等批)|能不能(?:留|批|下"
    r"|拿)[^,。]{0,10}(?:不|难|两说|没)"
    r"|批不批|拿着去要钱|有没有还|(?:还在|还没)(?:走|报|等|争|批|申请)|等(?:批|集团批|财务批"
    r"|上面批)|(?:收紧|一律(?:暂停|重新|停))"
    r"|\b(?:(?:can't|couldn't|can not|cannot|won't|hard to) (?:honestly |genuinely "
    r"|really )?(?:tell you|say|swear|know|guarantee)[^.;!?]{0,14}(?:if|whether|there|how"
    r"|money)|genuinely couldn't say|line through|yours i can't|might be crackers"
    r"|nothing to spend|money goes west|i wish(?=[.,!]|$)|wouldn't (?:bet|count|bank|promise"
    r"|hold)|not (?:bet|bank|count)ing|looking at every|(?:not|n't) (?:sure|certain|convinced"
    r"|clear|know)[^.;!?]{0,20}\b(?:pot|money|budget|funds|funding|there|cash|it'll|afford)"
    r"|walk\w* back|wobbl\w+|settled is not|not the word|surprised if|a dime|can't promise"
    r"|cannot promise|no promises|won't promise|would be a stretch|a stretch|shaky"
    r"|up in the air|touch and go|not a (?:given|done deal|sure thing|sure)"
    r"|argue about (?:the )?money|(?:hasn't|haven't|isn't|not|never|nobody has|no one has"
    r"|nothing has) (?:\w+ )?(?:been )?(?:approved|funded|signed off|released|allocated|okayed"
    r"|blessed|budgeted|secured|there yet|locked|said yes)|still (?:fighting|waiting|begging"
    r"|asking|hoping|chasing|pending|arguing|negotiating)[^.;!?]{0,40}|fingers crossed"
    r"|(?:money|budget|funding|funds|spend\w*|capital|capex|cash"
    r"|purse strings)\b[^.;!?]{0,24}\b(?:tight|frozen|freeze|cut|gone|slashed|pulled|on hold"
    r"|dried|evaporated|question mark|problem|issue|iffy|uncertain|shrunk|shrinking|swept"
    r"|clawed|raided|vanished|paused|short|thin|in limbo|up for grabs|under review|reopened"
    r"|reallocated|redirected|moved to)|(?:freeze|frozen|froze|slashed|pulled|clawed back"
    r"|swept|raided|yanked|trimmed|tabled|on ice|in limbo)\b|belt[- ]tightening"
    r"|tighten\w* (?:our|the) belts?|every penny|bare bones|no (?:money|budget|funding|funds"
    r"|cash|pot|line item|line)|if (?:there's|we get) (?:any )?money|depends (?:on"
    r"|whether)[^.;!?]{0,30}(?:budget|fund|money|grant|board|enrol\w*|revenue|quarter)"
    r"|has to go back to|back to the (?:board|drawing|committee)|re-?approv\w*|second look"
    r"|not in (?:the|this year's|next year's) (?:plan|budget)|unfunded|passed the hat"
    r"|nobody has (?:said|signed)|where (?:the|that) money)\b"
)
_NOT_READY = re.compile(
    r"(?:没|未|还没|不|才没|怎么可能|哪)[^,。]{0,6}$|(?:\b(?:not|never|no|haven't|hasn't|isn't"
    r"|wasn't|until"
    r"|once|if|when|before|unless|whether|hope|hoping|waiting|yet to|nobody|will be|should be"
    r"|to be|might be|would be|expect\w*|needs? to be)\b|n't)(?: \w+){0,4} ?$|(?:等|待|要是"
    r"|如果|就看"
    r"|希望|争取|预计)[^,。]{0,8}$"
)
_NOT_DOUBT = re.compile(
    r"(?:不会|没有?被|没|不是|不用怕|别担心)[^,。]{0,2}$|(?:\b(?:not|never|no|isn't|wasn't"
    r"|hasn't|nothing"
    r"|without|un|survived|despite|escaped|spared)\b|n't)(?: \w+){0,2} ?$"
)
_ASKED = re.compile(
    r"钱|款|资金|预算|经费|批|财务|\b(?:money|fund\w*|budget\w*|finance|capital|spend|approved|paid"
    r"|federal people|award)\b"
)
_SMALL = (
    r"(?:capital|capex|opex|budget|funding|full|whole|approved|annual|it|board|same|new"
    r"|original|entire|project|software|total|grant|federal|state|next|first|only|real|actual"
    r"|operating|remaining|required|necessary|purchase|q\d|year's|fiscal)"
)
# The purse of another purchase.
_OTHERS = re.compile(
    rf"(?<!for )(?<!in )(?<!of )(?<!until )\bthe (?!{_SMALL}\b|last|credit|current"
    rf"|latest)[a-z]+(?: [a-z]+)? (?:request|money|grant|budget|fund|funds|project|line"
    rf"|renovation|purchase|expansion|upgrade|loan)\b(?! (?:is|was|has been) (?:for"
    rf"|covering) (?:this|you))"
    r"|\b(?:other money|different (?:grant|pot|budget|bucket|statute|money|line)"
    r"|separate (?:grant|pot|budget|bucket|money|line|po)|own money|another (?:budget|pot"
    r"|grant)|elsewhere|last year(?:'s)?|years? ago|back in \d+|in 20[012]\d"
    r"|not to be confused|on the other hand|unlike (?:the|our))\b"
    r"|[^,。;!?]{2,12}那(?:笔|块|边|一?[一二两三四五六七八九十几\d]+[百千万多来几]|个项目|台"
    r"|套|部分)(?!钱(?:早|已|都))(?<!这)"
    r"|(?:那是|是)(?:另|别|设备|后勤|物业|基建)|另(?:外|走|算|一)|隔壁|去年|前年|往年|另说"
    r"|两回事|别(?:混|弄混|看岔)|跟(?:这|咱"
    r"|你)[^,。]{0,6}(?:没关系|不搭|两)|ct那|(?:^|那)[^,。]{0,4}那是[^,。]{1,6}(?:处|部|科|局"
    r"|院|集团|公司)的"
    r"|那是[^,。]{1,6}(?:处|部|科|局|院|集团|公司)的|是他们的|他们自己的|兄弟(?:院|校|公司)"
)


def read(thread: Thread) -> Iterator[Found]:
    ours = _our_words(thread)
    for at, turn in enumerate(thread.turns):
        if not turn[0].is_customer:
            continue
        asked = at > 0 and any(
            _ASKED.search(line.sentence.low)
            for lines in thread.before(at, n_turns=1)
            for line in lines
            if not line.is_customer
        )
        is_topic = asked or any(_MONEY.search(line.sentence.low) for line in turn)
        if not is_topic:
            continue
        yield from _answered(thread, at)
        for line in turn:
            status = _status(line, asked, ours)
            if status is not None:
                yield Found("budget_status", Statement(status, strength=0.8), line)


def _answered(thread: Thread, at: int) -> Iterator[Found]:
    """Yes or no to the rep's question whether the money is there."""
    line = thread.turns[at][0]
    asked = any(
        _ASKS_READY.search(one.sentence.low) and is_question(one.sentence.text)
        for lines in thread.before(at, n_turns=2)
        for one in lines
        if not one.is_customer
    )
    if not asked:
        return
    if _NO.match(line.sentence.low):
        yield Found("budget_status", Statement(DOUBTFUL, strength=0.6), line)
    elif _YES.match(line.sentence.low):
        yield Found("budget_status", Statement(APPROVED, strength=0.6), line)


_ASKS_READY = re.compile(
    r"(?:预算|钱|款|资金|经费)[^。]{0,12}(?:批|到位|落实|下来|有了|没问题)|批(?:了|下来)"
    r"|\b(?:money|budget|fund\w*|spend|capital|capex)\b[^.]{0,40}\b(?:approved|signed off|there"
    r"|place"
    r"|secured|released|confirmed|funded|good|safe)\b|\b(?:is|has) it (?:been )?(?:funded"
    r"|approved|budgeted)"
)
_YES = re.compile(
    r"\s*(?:嗯[,,]?)?(?:对|是的|批了|早批了|到位了|下来了|有了|没问题)|\s*(?:yes|yeah|yep|it is"
    r"|it has|they have|all"
    r" (?:signed|approved|there))\b"
)
_NO = re.compile(
    r"\s*(?:嗯[,,]?)?(?:没有?(?:呢|批|下来)?[,。]|还没|不是|没批|哪有)|\s*(?:no\b(?! (?:problem"
    r"|worr))|nope|not (?:yet|any"
    r"|quite|really)|it isn't|it is not|it hasn't|i wish|afraid not)"
)


def _status(line: Line, asked: bool, ours: frozenset[str]) -> str | None:
    """The last status of a line whose money is this purchase's."""
    found: str | None = None
    elsewhere = False
    for clause in line.sentence.clauses:
        text = clause.text
        if is_other_purse(text, ours):
            elsewhere = True
            continue
        # What follows on another's purse is of that purse, until the talk comes back.
        if elsewhere and not _BACK.search(text):
            continue
        elsewhere = False
        hits = [
            (m.start(), DOUBTFUL)
            for m in _DOUBT.finditer(text)
            if BLANK not in m.group() and not _NOT_DOUBT.search(text[: m.start()])
        ]
        hits += [
            (m.start(), APPROVED)
            for m in _READY.finditer(text)
            if BLANK not in m.group() and not _NOT_READY.search(text[: m.start()])
        ]
        if hits:
            # A doubt within the clause outweighs: "approved, but walked back".
            found = DOUBTFUL if any(s == DOUBTFUL for _, s in hits) else max(hits)[1]
    if found and not (asked or _MONEY.search(line.sentence.low)):
        return None
    return found


def is_other_purse(text: str, ours: frozenset[str] = frozenset()) -> bool:
    """Whether a clause tells of the money of another purchase."""
    match = _OTHERS.search(text)
    return match is not None and not any(word in match.group() for word in ours)


_BACK = re.compile(r"我们|咱|这个|这笔|这套|你们|\b(?:we|our|ours|this|your|yours|but)\b")


def _our_words(thread: Thread) -> frozenset[str]:
    deal = thread.deal
    words = " ".join([*deal.products, deal.opportunity.name]).lower()
    return frozenset(w for w in re.findall(r"[a-z]{3,}", words))
