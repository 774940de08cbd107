"""Where in a sentence only a rival's name stands, in English and Chinese, and what is no rival.

A name alone proves nothing: each pattern's group `name` is what "a quote from …" or "… 也报了价"
leaves open. They are data for agents.intent.fact_competitors.
"""

from __future__ import annotations

import re

HINT = re.compile(
    r"来过|的人|也算|加我|找|联系|递|寄|进来|产品|老系统|厂家|参与|推荐|叫|交流|[两三四五几]家"
    r"|除了|还有|碰了|聊|报价|报了|报的|那边|那家|比|演示"
    r"|供应商|厂商|替换|替掉|换掉|换下|在用|用的是|也在|方案|倾向"
    r"|选[了择]|还在看|接触|对比|竞|入围|投标|也来|来过|家的|续约"
    r"|\b(?:quot\w+|compar\w+|versus|vs|against|alongside|besides|incumbent|replac\w+|vendor"
    r"|supplier|shortlist\w*|offer\w*|bid\w*|pitch\w*|proposal|switch\w*|demo\w*"
    r"|cheaper|alternative|competi\w+|evaluat\w+|looking at|talking to|went with|going with"
    r"|go with|came in|come in|in the (?:running|mix|race|frame)|using|running|run|use|have|had"
    r"|lean\w*|prefer\w*|price\w*|pricing|presented|rip out|current|contract with|"
    r"spoke|met|chose\w*|pick\w*|undercut\w*|than|between|at)\b"
)
CAPITAL = re.compile(r"\b[A-Z]\w+")
STEMS = frozenset(
    "quot comp vers vs agai alon besi incu repl vend supp shor offe bid bidd pitc prop swit demo"
    " chea alte eval look talk went goin go came come comi runn mix race"
    " usin run use have had lean pref pric pres rip curr cont spok met chos pick unde than betw"
    " at is are bett firm yours call beat fast dear rece invi got has or and ditch migr num numb"
    " choo sele favo".split()
)
N = r"(?P<name>(?:[A-Z][\w&+.'-]*[\w+]|[A-Z]{2,})(?: (?:[A-Z][\w&+-]*\w|[A-Z]\b|[&]))*)"
WORDS = r"(?:also |just |now |already |recently |apparently |even |actually |still |only )*"
ONE = r"[A-Z][\w&+-]*\w(?: [A-Z][\w&+-]*\w)*"
# "Shopwell and Tillio": what is said of one is said of all.
ALSO_NAMED = re.compile(rf"(?:(?:, (?:and |or )?| and | or ){ONE})*")
NAMED_BEFORE = re.compile(rf"(?:{ONE}, )*{ONE}(?:,? (?:and|or) |, )$")
STRONG_EN = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"(?i:\b(?:quotes?|offers?|bids?|proposals?|pricing|prices?|numbers?|pitch"
            rf"|presentation|demos?|tender) (?:\w+ ){{0,3}}?(?:from|by|of)) (?:the )?{N}"
        ),
        (
            rf"{N}(?i:'s| has| have)? {WORDS}(?i:quoted|quotes\b|offered|offers\b|bid\b"
            rf"|pitched|presented|demoed|undercut|undercuts|matched|(?:came|come"
            rf"|comes) in(?= (?:at|with|around|about|under|over|lower|higher|cheaper|below|a "
            rf"|slightly|last|first|second|on)|[,. ]+\d)"
            rf"|came back|tendered|priced|put in|sent (?:us|over|in|their)|gave us|showed us"
            rf"|promised us|approached us|responded|submitted|visited us|(?:is|are|was"
            rf"|were) (?:also |still |now |currently |already )*(?:at [$€£¥\d]|cheaper|dearer"
            rf"|less expensive|in the (?:running|mix|race|frame|picture)|on the (?:short)?list"
            rf"|shortlisted|bidding|pitching|quoting|offering|in as well|asking|priced|willing"
            rf"|about \d|roughly \d|\d+ ?(?:%|percent)|the (?:other (?:vendor|option|bidder"
            rf"|finalist)|incumbent|front-?runner)|ahead of you|a (?:finalist|contender)"
            rf"|competing))"
        ),
        (
            rf"{N}'s? (?i:quote|offer|bid|proposal|price|pricing|number|pitch|demo|tender"
            rf"|handhelds|solution|rep|salesman|sales team)\b"
        ),
        (
            rf"(?i:\b(?:compar\w+|versus|vs\.?|up against|against|alongside|besides|shortlist\w*"
            rf"|benchmark\w*|stack\w* up (?:against|to|with)|evaluat\w+ (?:you )?(?:against"
            rf"|alongside)|other than you,?|apart from you,?|as well as"
            rf"|next to)) (?:\w+ ){{0,4}}?(?:(?i:to|with|against|and|the|from) )?{N}"
        ),
        (
            rf"(?i:\b(?:incumbent|current (?:vendor|supplier|provider|system|solution|platform)"
            rf"|existing (?:vendor|supplier|provider|system)|other (?:vendor|supplier|option"
            rf"|bidder|finalist|contender|candidate)s?|competitor|second (?:vendor|option)"
            rf"|alternative)s?(?: (?:is|are|here|in the \w+|on the \w+|we \w+(?: \w+)?)"
            rf"| is)*(?:,| is| are| would be|:)?) (?:still |now |currently )*{N}"
        ),
        (
            rf"(?i:\b(?:replac(?:e|es|ing)|rip(?:ping)? out|get(?:ting)? rid of|mov(?:e"
            rf"|ing) (?:off|away from)|migrat(?:e|ing) (?:off|away from|from)"
            rf"|switch(?:ing)? (?:away )?from|com(?:e|ing) off|phas\w+ out|retir(?:e|ing)"
            rf"|swap\w* out|ditch\w*)) (?:our |the |all |old |existing |current |ageing |aging "
            rf"|\d+ )*{N}"
        ),
        (
            rf"(?i:\b(?:switch(?:ing)? to|go(?:ing)? with|went with|lean(?:ing)? (?:towards?|to)"
            rf"|prefers?|favou?rs?|chose|chosen|picked|decided on|opt(?:ed|ing)? for|sign(?:ed"
            rf"|ing) with)) (?:the )?{N}"
        ),
        (
            rf"(?i:\b(?:we(?:'ve| have)?|they|i|team|he|she) (?:have |'ve )?(?:also |just |now "
            rf"|still )*(?:had|have|got|has|invited|brought|asked|let)) (?:also )?{N} (?:(?:and"
            rf"|or) [A-Z]\w+ )?(?i:in\b(?! (?:the|our|my|every|all)\b(?! (?:running|mix|race"
            rf"|frame)))|the mix|on (?:the|our) (?:short)?list|in the running|over last"
            rf"|here last|come in|quote|pitch|present|as well|too\b|demo)"
        ),
        (
            rf"(?i:\b(?:cheaper|better|faster|dearer|more expensive|pricier|nicer|slower|worse"
            rf"|stronger) than) {N}"
        ),
        (
            rf"(?i:\bbetween you(?:,| and)|between (?:yourselves|your \w+) and|you and|you or"
            rf"|you vs\.?|either you or|you against) {N}"
        ),
        rf"(?i:\bdown to) {N}(?i: and you| or you|,? and yourselves)",
        (
            rf"{N}(?i: (?:and|or|versus|vs\.?|against) (?:you|yourselves|yours"
            rf"|your (?:\w+ )?(?:offer|quote|proposal))\b)"
        ),
        (
            rf"(?i:\b(?:firm|company|vendor|supplier|outfit|start-?up|tool|product|provider"
            rf"|player|competitor|system|platform|app|one)s?,? (?:called|named)) {N}"
        ),
        (
            rf"{N}(?i: (?:has|have|had|was|were|is|are) (?:also |just |now )*(?:been )?(?:invited"
            rf"|asked (?:to|for|in)|added|shortlisted|brought in|approached|contacted|in it\b"
            rf"|still in))"
        ),
        (
            rf"(?i:\b(?:we've|we have|we|they've|they have) (?:also |now )*(?:got"
            rf"|have) ){N}(?i: (?:quoting|pitching|bidding|in|presenting|coming))"
        ),
        (
            rf"{N}(?i:,? (?:who|which)(?:'s| is| are| have| has|'ve)? (?:also |just "
            rf"|now )*(?:pitch\w*|bid\w*|quot\w*|present\w*|in the|com\w+ in|talking|demo\w*"
            rf"|offer\w*|chasing|knocking|sent|submitted|putting))"
        ),
        (
            rf"{N}(?i: (?:(?:have|has|had|are|is|were|was|'ve|'s|also|just|now|even|recently"
            rf"|already) )*(?:pitching|pitched|reached out|got in touch|called|emailed|phoned"
            rf"|turned up|showed up|popped up|came (?:by|through|around|to see|in last|in on"
            rf"|in with|calling|knocking)|dropped (?:by|off)|stopped by|asked to (?:re)?bid"
            rf"|rebid\w*|threw (?:in|their)|wants? (?:in|their turn|a (?:look|shot|turn|crack)"
            rf"|to (?:bid|quote|pitch|show|demo))|gets? (?:the same|a (?:look|shot|turn))"
            rf"|sneaked in|snuck in|joined|entered|made (?:us )?an offer|is doing the same"
            rf"|are doing the same|walked us|ran us|has a (?:rep|team|guy)|also (?:in|has|have"
            rf"|sent|put|came|got)))"
        ),
        rf"(?i:\b(?:it's|it is|them|down to) )(?:{N})(?i: or you\b)",
        (
            rf"(?i:\b(?:is|was|'s|are|on|runs on|running on|it's) (?:a|an|all|still"
            rf"|old) ){N}(?i: (?:product|system|setup|shop|install\w*|platform|box|machine|unit"
            rf"|line|contract|customer|account)\b)"
        ),
        (
            rf"(?i:\b(?:brought in|bringing in|looked at|looking at|had a (?:call|demo"
            rf"|meeting) with|sat through|seen a demo from|invited|got a call from|heard from"
            rf"|a (?:demo|quote|bid|pitch|visit|call|proposal|number|price) (?:from|by)|added"
            rf"|adding|speaks? (?:well|highly) of|recommended|recommends|swears by|a fan of"
            rf"|keen on|sweet on|pushing (?:for )?) ){N}"
        ),
        rf"{N}(?i:'s (?:\w+ )+(?:beats?|is (?:better|nicer|faster|cheaper)|was (?:better|nicer)))",
    )
)
# Only with a word about vendors nearby: people and partners are met, too.
WEAK_EN = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"(?i:\b(?:evaluat\w+|looking (?:hard |seriously |closely )?at|look(?:ed)? at"
            rf"|talking (?:to|with)|talk(?:ed)? (?:to|with)|speaking (?:to|with)|spoke (?:to"
            rf"|with)|spoken (?:to|with)|met(?: with)?|meeting(?: with)?|seeing|saw|considering"
            rf"|trialling|testing|tested|tried|invited|contacted|reviewing)) (?:also )?{N}"
        ),
        rf"{N}(?i: (?:was|were|has been|have been|is|are) (?:also )?(?:in|here|on site|back)\b)",
        rf"(?i:\b(?:with|from|like|is|and|or|including|namely|called|from a firm called)) {N}",
    )
)
VENDOR_WORD = re.compile(
    r"\b(?:vendors?|suppliers?|competit\w+|alternatives?|options?|quotes?|shortlist\w*|offers?"
    r"|bids?|rivals?|bidders?|tender|in the running|other (?:company|companies|provider|tool)s?"
    r"|as well|too|also|second source|products?|instead|pric\w+|demo\w*)\b"
)
USING_EN = re.compile(
    rf"(?i:\b(?:we(?:'re| are)?|currently|today|still|team) (?:\w+ ){{0,2}}?(?:currently |still "
    rf"|today |now )?(?:use|using|run|running|on|have|work with|rely on)) (?:the )?(?:old )?{N}"
)
USING_ZH = re.compile(
    r"(?:现在|目前|现有|眼下|一直|还在|正在|原来)(?:系统|平台|设备|供应商"
    r"|的)?[^,。]{0,5}?(?:用的?是?|供应商是"
    r"|是)(?P<name>[^,。;、\s的了还也都]{2,10})"
)
REPLACING = re.compile(
    r"换|替|淘汰|到期|停止(?:支持|服务)|不好用|不满|老旧|跑不动|续(?:约|费)|不想再|退役"
    r"|\b(?:replac\w+|support ends|end of life|expir\w+|contract (?:ends|runs out|is up)"
    r"|renew\w*|unhappy|fed up|outdated|slow|old|sunset|stops? supporting|switch\w*"
    r"|mov\w+ (?:off|away)|get rid|rip)\b"
)
CONNECTING = re.compile(
    r"对接|集成|接口|打通|接入|兼容|连通|联通|同步|导[入出]|适配|互通|单点登录|嵌入"
    r"|\b(?:connect\w*|integrat\w*|interfac\w*|sync\w*|api|feed\w*|import\w*|export\w*|plug\w*"
    r"|talks? to|sso|single sign|compatible|hook\w*|embed\w*|sits? in|live in)\b"
)
OUT = re.compile(
    r"出局|不考虑|没考虑|不比|排除|淘汰了|没看|不会看|没有?(?:在看|接触|找)|退出"
    r"|\b(?:ruled out|out of the (?:running|race)|dropped out|not (?:looking|considering"
    r"|comparing|evaluating|talking|going)|no longer|never (?:looked|considered)|withdr\w+"
    r"|eliminated|crossed off|aren't|isn't|weren't|don't|didn't|won't)\b"
)
SYSTEMS = re.compile(
    r"^(?:sap.*|s/?4.*|oracle.*|salesforce|microsoft.*|office.*|excel|windows|aws|amazon.*"
    r"|azure.*|google.*|teams|zoom|slack|snowflake|erp|mes|crm|his|lis|oa|wms|plm|pacs|jira"
    r"|workday|netsuite|epic|cerner|"
    r"entra.*|okta|outlook|sharepoint|power ?bi|tableau|dynamics.*|linux|android|ios|用友.*|金蝶.*"
    r"|钉钉.*|企业微信|飞书|微信|支付宝|u8.*|k3.*|ebs)$",
    re.IGNORECASE,
)
NO_VENDOR = frozenset(
    "the we it this that our your my his her its their he she they you i and but so if when once"
    " as no yes ok okay please thanks thank dear hi hello best regards legal procurement finance"
    " purchasing it hr "
    "security board management committee everyone mondays tuesdays wednesdays thursdays fridays"
    " saturdays sundays monday tuesday wednesday thursday friday"
    " saturday sunday january february march april may june july august september october"
    " november december q1 q2 q3 q4 poc rfp rfq "
    "rfi sow po nda soc mes erp crm iso gdpr hipaa pci dss sla ceo cfo cio cto coo cmo vp svp"
    " evp usd eur gbp cny us uk eu usa europe china germany france vat tco roi kpi api sso ai ml"
    " iot ups b2b saas "
    "one two three four five christmas easter thanksgiving honestly also just between what who"
    " where which then now version phase proposal option plan excel linux dr mr ms mrs prof"
    " english chinese hq head ps fyi re fw "
    "on in at for to from with by of or not both either neither any each some such let all only"
    " draft contract budget trial pilot demo teams zoom is are was were do does did can could"
    " will would should".split()
)
ZH_SUFFIX = (
    r"(?:科技|软件|信息(?!化|部|中心|科)|智能|医信|影像|人事|网络|云|数科|系统(?=公司)|电子|机电"
    r"|仪器|自动化|集团|股份|公司|精密|光电|机器人|教育|医疗"
    r"|工控|数据(?=公司|那|的?报)|视觉|安防|通信|通讯|技术(?=公司|那|也|报)|智造|重工|生物|环境"
    r"|能源|物流|制造(?=公司))"
)
SUFFIX_AT_END = re.compile(re.sub(r"\(\?[=!][^()]*\)", "", ZH_SUFFIX) + "$")
ZN = (
    r"(?P<name>[A-Za-z][\w.+-]*(?: [A-Z][\w.+-]*)?[\u4e00-\u9fff]{0,4}?|[\u4e00-\u9fff]{2,4}?"
    + ZH_SUFFIX
    + r"|[\u4e00-\u9fff]{2,4}?)"
)
SUFFIXED = rf"(?P<name>[\u4e00-\u9fff]{{2,4}}?{ZH_SUFFIX})"
ZH_START = (
    r"(?:(?<=^)|(?<=[,。;、:!?\s“\"「(])|(?<=[和跟与拿比是让约请找有但而另外])|(?<=上周)"
    r"|(?<=昨天)|(?<=今天)|(?<=前天)"
    r"|(?<=不过)|(?<=另外)|(?<=其实)|(?<=现在)|(?<=目前)|(?<=因为)|(?<=但是)|(?<=而且)|(?<=同时)"
    r"|(?<=最近)|(?<=这次)"
    r"|(?<=本地的)|(?<=外地的)|(?<=进来一个)|(?<=进来一家)|(?<=不过上周)|(?<=另外上周)"
    r"|(?<=还有)|(?<=就是)|(?<=那个)"
    r"|(?<=一家)|(?<=新来的)|(?<=介绍了)|(?<=推荐了)|(?<=上次)|(?<=上个月)|(?<=听说)|(?<=除了)"
    r"|(?<=相比)|(?<=对比)"
    r"|(?<=比起))"
)
ZH_RIVAL = (
    r"(?:(?:那边|那家|他们|家|上周|昨天|前天|上个?月|最近|这次|今天|刚|已经?|也|还|给我们|给的?"
    r"|的|昨晚|周[一二三四五]|同样(?:的)?(?:配置|规格"
    r"|范围)?|只){0,4}"
    r"(?:报价|报了|报的|报到|报出|开价|开的价|来演示|演示了|演示过|来讲|来过|来交流|来拜访"
    r"|来打过样|来打样|做过(?:演示|交流|测试)|便宜|的?价格|投了?标|入围"
    r"|递了|递交|方案(?:比|更|也|里)|也在(?:谈|跟|看|争|投|报|接触|推|评估|测试)|在(?:跟进|谈"
    r"|竞)|比你们|比贵司|比贵方|的算法|抢|答应|承诺|愿意给"
    r"|给到|给出|降到|送|报进来|来过|的人(?:昨天|上周|前天|也|又|刚|今天)*(?:来|到|约|找|加"
    r"|联系|打电话|上门)|也算(?:一|进)|也来(?!得及)"
    r"|也进(?:来|了)|也想|也约|也递|也给|也发|也开了|也要(?:来|报|投|演|参)|加我|找(?:过|了|上"
    r"|到)|联系(?:了|过|上)|约了我|递了?|开了试用"
    r"|也是(?:一家|候选|备选)|进了(?:名单|短名单|围)|冒出来|杀(?:进来|了进来)|插(?:进来"
    r"|了一脚)|在(?:比|抢|磨|盯|跑)|报的价|也凑|寄(?:了"
    r"|来)|送(?:了|来)|出了(?:一?份|个)))"
)
STRONG_ZH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{ZH_START}{ZN}{ZH_RIVAL}",
        (
            rf"(?:和|跟|与|拿|同|比起?|对比|相比|比较|除了你们还有|除了贵司还有)(?:了"
            rf"|一下)?{ZN}(?:来)?(?:比(?!如|例)|对比|相比|比较"
            rf"|pk|PK|一比|放在一起|那边比|家比|做了?对比)"
        ),
        (
            rf"(?:收到了?|拿到了?|看了|有|约了|请了|找了|邀请了?|叫了"
            rf"|让){ZN}(?:的)?(?:来)?(?:报价|方案|投标|来?演示|标书|交流|报个价"
            rf"|也报|来讲|来做)"
        ),
        (
            rf"(?:还|也|同时|另外|正)(?:在)?(?:看|谈|接触|考虑|比较|评估|对比|约|测|试)(?:了|着"
            rf"|过|的)?(?:有"
            rf"|是)?(?:一下)?{ZN}(?=$|[,。;、了的]|和|这|那|家)"
        ),
        rf"(?:比|较|较之){ZN}(?:要|还|高出?|贵|便宜|低|多|少|慢|快|差|好|的?报价|的?方案)",
        (
            rf"(?:替换掉?|换掉|替掉|淘汰掉?|换下|取代|停用)(?:现在的|现有的|老的|原来的|我们的"
            rf"|这套)?{ZN}(?=$|[,。;、的]|那|这|系统|平台|设备|老)"
        ),
        (
            rf"(?:现有|目前的?|现在的?|老|在用的?)(?:供应商|厂商|厂家|服务商)(?:是|叫"
            rf"|为)?{ZN}(?=$|[,。;、的]|那|这|,)"
        ),
        (
            rf"(?:竞争对手|另一家|另外一家|还有一家|别的一家|竞品|对手|备选|候选"
            rf"|第二家)(?:供应商|厂商|厂家)?(?:是|叫|为|:"
            rf"|,就是)?{ZN}(?=$|[,。;、的]|那|这|也|报)"
        ),
        rf"(?:倾向于?|更看好|偏向|选了|选择了?|改用|换成|定了|看好){ZN}(?=$|[,。;、的]|那|这|家|,)",
        rf"现用系统是{ZN}(?=\s|\d|的|[,。]|建)",
        rf"(?:又|还|新)?(?:进来|冒出来|多|来|加|杀出)(?:了)?(?:一个|一家|个){ZN}(?=$|[,。;])",
        rf"{ZN}的(?:销售|业务员?|业务经理|售前|顾问|客户经理|商务|老总|区域经理)",
        rf"{ZH_START}{SUFFIXED}(?=[也来报那在上说给昨今前最这]|的[^人])",
        (
            rf"(?:和|跟|与){ZN}(?:的人|的销售|的顾问|的团队|那边|他们|家)?(?:也|又|已经)?(?:碰"
            rf"|聊|谈|见|沟通|交流|接触|接洽)(?:了|过|面|着|$|(?=[,。]))"
        ),
    )
)
KNOWN_ZH = re.compile(
    r"^(?:用友|金蝶|浪潮|鼎捷|华为|西门子|海康|大华|基恩士|康耐视|卫宁|东软|东华|北森|钉钉|飞书"
    r"|泛微"
    r"|致远|明源|纷享销客|销售易|阿里云?|腾讯|汇川|施耐德|罗克韦尔"
    r"|联影|迈瑞|飞利浦|有赞|微盟|石基|讯飞|希沃|鸿合|超星|锐捷|新华三"
    r"|欧姆龙)(?:[\u4e00-\u9fff]{0,2}(?:科技|软件|信息|智能|威视|健康|自动化|医疗))?$"
)
LISTING = re.compile(
    r"(?:厂家|厂商|供应商|投标|参与|入围|候选|竞标|比价|短名单|[两三四五几]家|贵司|贵公司|你们)"
)
BETWEEN_LISTED = re.compile(
    r"[、,。;:和与跟及]|还有|除了|以及|包括|分别是|(?<=[家商司])有|就是|另外|另一?家是?"
    r"|[两三四五]家"
)
CALLED_ZH = re.compile(
    rf"(?:家|个|供应商|厂家|厂商|公司|品牌|对手|系统|产品|新)(?:名?叫做?|名为){ZN}(?:的|这|那|$"
    rf"|[,。])"
)
LISTED = re.compile(
    rf"(?:.{{0,6}}?(?:有|是|收到了?|看了))?{ZN}(?:的(?:报价单?|方案|标书|材料))?(?:这|那)?(?:也"
    rf"|都|在)?(?:参与|投标|入围|参加"
    rf"|报名|[两三四五]家|等|也在)?(?:了)?"
)
NO_VENDOR_ZH = re.compile(
    r"贵司|贵公司|贵方|^(?:他们|你们|我们|贵司|贵方|咱们|大家|对方|另外|另一|别家|别的|友商|那家"
    r"|几家|三家|两家"
    r"|一家|这家|某家|哪家|供应商|厂家|厂商|同行|竞品|领导|财务"
    r"|采购|老板|法务|客户|总部|集团|公司|部门|市场|之前|上次|"
    r"以前|去年|上周|昨天|今天|前天|今年|明年|正式|最新|修改|新的|最终|整体|详细|完整|合同|方案"
    r"|价格|报价|你们|贵公司|信息|我司|生产|工厂|车间|现场|国产|进口"
    r"|其他|其它|第三方|外面|这边|那边|竞争|市面|人家|"
    r"谁|什么|怎么|如果|已经|可能|应该|需要|希望|觉得|感觉|说|有点|比较|还是|就是|主要|一些|不少"
    r"|很多|多家|五家|四家|若干|各家|每家|整个|全部|正在|准备|打算"
    r"|马上|尽快|时间|预算)|^(?:产品|系统|软件|设备|云|智能|网络|技术|医疗|教育|电子|数据|自动化"
    r"|信息化)$"
    r"|[先停完看做再又更加提供买卖退我你他她它您的了在是不有这那哪都也就和跟与很最太请还没会能要"
    r"想去说给把被让对从到为所因但"
    r"而吗呢吧啊嘛们个份次版套台]|^(?:[一二三四五六七八九十两几半])"
    r"|周[一二三四五六日天]|月|年|号|[元万]$|[姐哥叔姨嫂]$|烦|嫌|^沈阳|^厦门|(?:总|工|经理"
    r"|主任|院长|老师|部|处|科|价|文件)$"
)
TRIM_ZH = re.compile(
    r"^(?:上周|昨天|今天|前天|最近|另外|其实|不过|现在|目前|同时|约了?|请了?|沈总|老|像|拿|用"
    r"|来自)|(?:那边|那家|上周|昨天|前天|最近|这次|今天|上个月"
    r"|上月|家)$"
)
NAMING = re.compile(
    r"\b(?:quotes?|vendors?|suppliers?|bids?|offers?|competitors?|alternatives?"
    r"|shortlist\w*)\b[^.]{0,30}\b(?:from|is|are|like|including|called|namely)\b"
)
