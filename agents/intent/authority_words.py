"""Who decides or signs, in the ways that English and Chinese say it of a masked person.

Each pattern has one group that holds a person. They are data for agents.intent.fact_people.
"""

from __future__ import annotations

import re

from agents.intent.fact_names import PERSON

P = f"({PERSON})"
_AUX = (
    r"(?:,[^,]{1,40},)?(?:\s*(?:'s|is|are|was|will|'ll|now|still|alone|really|actually|then"
    r"|personally|ultimately|always|"
    r"currently|has to|have to|needs to|must|would be|would|be|'m|am|who|himself|herself|myself"
    r"|that|does it all and|then))*\s+"
)
_DECIDES = (
    r"(?:the (?:one|person) (?:who|that|to) (?:now |actually |really |ultimately "
    r"|finally )?(?:signs?|decides?|approves?|makes?)"
    r"|(?:the )?(?:one|person) (?:signing|deciding|approving)"
    r"|(?:cho|choo)(?:oses?|ses?|osing)\b(?! (?:to|not)\b)|picks?\b(?! (?:up|you up|it up"
    r"|me up)\b)|makes? the pick|does the picking|rules on|(?:puts?|putting) (?:pen to paper"
    r"|(?:a |the )?(?:name|signature|pen) (?:on|to))"
    r"|(?:the )?(?:guy|gal|woman|man|lady|name|person|one) (?:who|that|to) (?:decides?|signs?"
    r"|picks?|chooses?|approves?|says (?:yes|go|no)|makes the)"
    r"|(?:has|have|got) the (?:pen|checkbook|chequebook|authority|vote)|green-?lights?"
    r"|the (?:final |only |last )?(?:signature|decider|vote)\b(?! (?:page|line|block))"
    r"|wears? that hat|(?:will be |be )?making the (?:choice|call|decision|pick)"
    r"|says? (?:yes or no|yes|go|the final word)(?= |$|[,.])(?! to)|(?:is|am"
    r"|'m) the (?:decision|approval|buyer)\b|(?:signs?|approves?) (?:anything|everything"
    r"|things|whatever)[^,.;]{0,30}|(?:pull|pulls|pulling) the trigger"
    r"|decid(?:es?|ing)(?! (?:to|whether to (?:join|attend)|which feature))"
    r"|sign(?:s|ing)?(?: it)?(?: off)?\b(?! up\b)"
    r"|ma(?:kes?|king) the (?:final |ultimate |actual |purchas\w+ |buying )?(?:call|decision"
    r"|choice|selection)"
    r"|ha(?:s|ve|ving) (?:the )?(?:final|last|ultimate|sole) (?:say|word|call|decision|approval"
    r"|authority|sign-?off|vote)"
    r"|ha(?:s|ve) (?:the )?(?:sign-?off|signing authority|signature authority|signature)"
    r"|holds? the (?:pen|purse strings|budget)|calls? the shots|owns? (?:the|this) (?:decision"
    r"|budget|purchase)"
    r"|gives? (?:the )?final (?:approval|go-ahead|sign-?off)|(?:giving"
    r"|gives?) the (?:green light|final)"
    r"|(?:the |our )?(?:new |final |ultimate |real |actual |sole |economic "
    r"|key )*(?:decision[- ]?maker|decider|approver|signatory|"
    r"signer|economic buyer|budget holder|budget owner)"
    r"|approves? (?:it|this|the (?:purchase|contract|order|deal|spend|po))|does the (?:signing"
    r"|deciding))"
)
_MOVED = (
    r"(?:now |ultimately |still |has |have |have now |has now |will |now |actually |really )*"
    r"(?:sits?|rests?|lies?|lives?|belongs?|comes? down|goes|gone|moved?|moves|pass(?:es|ed)?"
    r"|falls?|is made|(?:will )?be made"
    r"|(?:will )?be taken|is taken|stays?|is|are|been (?:moved|passed|handed|given)|transfer(?:s"
    r"|red)|shift(?:s|ed))"
    r"(?: now| ultimately| entirely| solely| over| only)*"
)
_SUBJECT = (
    r"(?:sign-?off|signature|signing authority|final (?:call|say|decision|approval|word)"
    r"|decision(?:[- ]making)?(?: authority| power)?|last word|authority|approval|buck)"
)
ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{P}{_AUX}{_DECIDES}",
        (
            rf"\b(?:given|gave|gives?|hand(?:ed|s)?|pass(?:ed|es)?) {P} the (?:pen|cheque ?book"
            rf"|checkbook"
            rf"|decision|authority|vote)\b"
        ),
        (
            rf"\b(?:decisions?|choices?|calls?|sign-?offs?)\b[^.;]{{0,30}}"
            rf"\b(?:to|on|with|across) {P}"
            rf"(?:'s)? (?:own )?desk\b"
        ),
        (
            rf"\bit(?:'s| is)(?: only| just)? {P}(?:,)? (?:that )?(?:you(?:'ll|'d|'ve"
            rf"|'re)?) [^.;]{{0,24}}"
            rf"\b(?:yes|convince|persuade|signature|sign)\b"
        ),
        (
            rf"{P}(?:'ll| will| would)? decides? (?:it |that |this |everything )?(?:herself|himself"
            rf"|myself|themselves)\b"
        ),
        (
            rf"\b(?:buying|purchas\w+|spending) (?:decisions?|calls?"
            rf"|choices?)[^.;]{{0,24}} {P}(?:'s desk)?"
        ),
        rf"\bthe (?:buying|choosing|choice|decision|signing)(?:'s| is| is all)? {P}\b",
        (
            rf"{_SUBJECT}(?: on (?:this|it|the \w+)| for (?:this|it|the \w+)"
            rf"| itself)? {_MOVED} (?:with|to|by|down to|up to|in the hands of"
            rf"|from) {P}(?!'s team)"
        ),
        (
            rf"(?:decision|call|signature|final say|say|approval)(?: on this| here)? (?:is"
            rf"|will be|becomes|remains)(?: now| ultimately| solely)? {P}'s"
        ),
        (
            rf"(?:it's|it is|that's|that is|this is|will be|is)(?: now| ultimately"
            rf"| all)? {P}'s (?:own |personal |final )?(?:call|decision|signature|say)\b"
        ),
        rf"\b(?:up|down) to {P}(?! to (?:join|attend|send))",
        rf"(?:signed|approved|decided|made|signed off) by {P}",
        (
            rf"(?:decision[- ]?maker|decider|approver|signatory|signer|budget holder"
            rf"|budget owner|economic buyer)(?: (?:on|for) (?:this|it|the \w+|our side))? (?:is"
            rf"|will be|becomes|has become)(?: now)? {P}"
        ),
        (
            rf"{P}{_AUX[:-3]}(?:\s+(?:has|have|had))?\s+(?:now )?(?:takes?|taking|taken"
            rf"|took) over (?:from|as|the (?:project|role|position|post|purchase|decision|budget"
            rf"|evaluation|department)|this|his|her|{PERSON}|everything|it|responsib)"
        ),
        (
            rf"{P}(?:'s|\s+(?:has|is|will|now|who))*\s+(?:replac(?:es|ed|ing|e)|succeed(?:s|ed"
            rf"|ing)?|(?:the |{PERSON}'s )?(?:new )?(?:successor|replacement))"
        ),
        rf"(?:replaced|succeeded) (?:\w+ )?by {P}",
        rf"(?:successor|replacement)(?:,| is) {P}",
        (
            rf"(?:hand(?:ed|ing|s)|pass(?:ed|ing|es)|transferr?(?:ed|ing)) (?:it|this"
            rf"|the (?:project|decision|budget|purchase|file|role)|everything|over"
            rf"|responsibility)(?: over)?(?: \w+)? to {P}"
        ),
        rf"{P}'s to (?:sign|make|decide|approve|pick|choose|call)",
        (
            rf"{P}'s (?:the )?(?:decision|signature|pick|choice|say-so)\b(?! (?:tree|maker|log"
            rf"|makers))(?!'s team)"
        ),
        (
            rf"(?:it's|it is|this is|that's|so it's) {P}'s (?:\w+ )?(?:say|pen|department|baby"
            rf"|money|show|name|shout|decision|call|signature|to)\b"
        ),
        rf"(?:is|are) {P}'s to (?:approve|sign|decide|choose)",
        rf"(?:^|[ ,.])(?:i say i,? )?{P} (?:do mean|mean) {P}",
        rf"{P}'s (?:own )?(?:brass|cheque|check|money|pen|say)\b",
        rf"{P} makes? up (?:his|her|their|my|{PERSON}'s) mind",
        rf"{P}'s name (?:that )?(?:goes|is|on)",
        (
            rf"(?:put|puts|putting) {P}'s (?:own )?name (?:on|to)|{P}[^,.;]{{0,40}}put (?:his|her"
            rf"|{PERSON}'s) (?:own )?name on the contract"
        ),
        rf"it's {P} you(?:'ve| have|'d)? (?:to|need to|got to) (?:convince|persuade|please|win)",
        (
            rf"(?:i do mean|just|only|it's only|nobody but|no one but) {P}(?: that"
            rf"| who)? (?:signs?|decides?)"
        ),
        rf"(?:choice|decision|signature|call)[^.;]{{0,30}} sits? with {P}",
        (
            rf"(?:decision|call|choice|signature|sign-?off|approval)(?:'s| is| was)? (?:now "
            rf"|entirely |all |still )*(?:{P}'s|on {P}\b|with {P}|up to {P}|down to {P})"
        ),
        (
            rf"(?:it|that|this|everything|the (?:choice|decision|call))(?:'s| is| sits| falls"
            rf"| lands| rests) (?:now |all )?(?:on|with) {P}(?='s desk| now|,|$| for)"
        ),
        rf"(?:on|across|to) {P}'s (?:own )?desk\b",
        (
            rf"{P}{_AUX[:-3]}(?:\s+(?:has|have|is|will))?\s+(?:picking up|picked up|pick up"
            rf"|inherit\w*|absorb\w*|stepp\w+ in(?:to)?|fill\w* in|taking on|took on|assum\w+) "
        ),
        (
            rf"(?:need|needs|want|takes?|wait\w* (?:for|on)) {P}'s (?:signature|approval|sign-?off"
            rf"|blessing|ok|okay|nod|go-ahead)"
        ),
        (
            rf"{P} (?:has to|must|needs to|gets to|will|would|can) (?:approve|okay|ok|bless|sign"
            rf"|choose|pick|decide)\b"
        ),
        rf"nothing (?:moves|happens|gets (?:bought|signed)) without {P}",
        (
            rf"{P}{_AUX}(?:in charge|responsible) (?:of|for) (?:the|this) (?:decision|purchase"
            rf"|project|budget|whole|deal)"
        ),
    )
)
_ADVERB = (
    r"(?:[这那]?边|本人|亲自|自己|才|现在|最后|最终|一个人|来|再|就|都|要|会|能|直接|以后|以后来"
    r"|负责|一|统一|全权|说|那里|那儿|代表[^,。]{1,6}"
    r"|作为[^,。]{1,8}|也|还是|手里|,){0,4}"
)
_DECIDES_ZH = (
    r"(?:拍板|签字|签批|签合同|签约|签署|签发|签(?![到收名证过在章])|说了算|定夺|做主|作主"
    r"|做决定|作决定|决定(?!的)|敲定|拿主意|点头才(?:算|行|能|可)"
    r"|同意才(?:算|行|能)|主持(?:工作|大局)?|终审|终批|把最后一?道?关"
    r"|定(?=$|[,。;!了吧]|下来|供应商|哪家|方案|就行|的|谁)|点头(?!同意过)|点(?:了)?头|批(?=$"
    r"|[,。;!]|就行|字)|说了才?算|(?:点头"
    r"|签字|签)才(?:算数|算|行|有效)|就?签(?=$|[,。;])|签(?:字)?就(?:有效|行|成|可以)"
    r"|不签(?:字)?[^,。]{0,8}(?:不算|不行|没用)"
    r"|(?:是)?最终(?:审批|决策|拍板)人|(?:看效果|看了算)|(?:一个人|个人|全权)(?:拍板|签|定"
    r"|负责|做主)|一把抓|一句话的事|签的字|选型|把关签"
    r"|一支笔|掏钱拍|下决心|来挑|挑(?=$|[,。;])|选(?=$|[,。;]|谁|哪)|作主|当家)"
)
CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{P}{_ADVERB}{_DECIDES_ZH}",
        (
            rf"(?:由|归|让|等|得|要)(?:\w{{0,2}})?{P}(?:来|去|自己|亲自)?(?:拍|定|签|批|落笔)(?=$"
            rf"|[,。;!了吧呢])"
        ),
        (
            rf"(?:从[^,。]{{1,4}}到签|签字|签合同|拍板|买谁家?|用哪家|买哪家)(?:的|都|也|就|只"
            rf"|全)*(?:是|由|归|看)?{P}"
        ),
        rf"(?:这事儿?|这摊|这块|这个|这单)(?:都|就|还是|全)?(?:归|听|由|看){P}",
        rf"{P}(?:一个人|自己|回[^,。]{{0,6}})?(?:关[^,。]{{0,3}})?自己定",
        (
            rf"(?:最终|最后)(?:还?是|得|要|都|由|会|需要?|归|报|到|上|给|的)*{P}.{{0,4}}?(?:审批"
            rf"|批准|批|点头|同意|定|决策|过目签)"
        ),
        (
            rf"(?:拍板|签字|决策|签约|签署|签合同|最终审批|做主|管事|负责决定|说了算)的?(?:人|者"
            rf"|领导)?(?:现在|已经?|也|就|目前|这次)*(?:是"
            rf"|换成|改成|改为|变成|变更为|换为|换|调整为|为|改由)了?{P}"
        ),
        (
            rf"(?:决定权|签字权|拍板权|审批权|决策权|最终决定|签批权|最终审批|决策)(?:现在|已经?"
            rf"|都|完全)*(?:在|归|归到|交给|移交给|转给|转到|到"
            rf"|收到|落在|上收到)了?{P}"
        ),
        rf"(?:签字|拍板|签合同|审批|签)(?:也|都|就|现在)*(?:得|要|需要?)?(?:找|去找|等|归){P}",
        (
            rf"(?:还?是|得|要|都|就)?(?:看|听|等|问|找){P}(?:的(?:意思|决定|话)|点头|一句话|发话"
            rf"|松口|拍板|定|签)"
        ),
        rf"(?:最后|最终|归根到底|说到底|反正)[^,。]{{0,6}}(?:看|听|等|是|归|得|由){P}",
        (
            rf"(?:摊子?|事|权|担子|项目|采购|审批|这块|工作)[^,。]{{0,6}}(?:交给|移给|转给|归|划给"
            rf"|给了?|由){P}"
        ),
        (
            rf"(?:以后|往后|今后|后面|后续|现在)[^,。]{{0,4}}(?:认|找|对接|归|听|问){P}(?=$"
            rf"|[,。;!了就]|说|的)"
        ),
        (
            rf"(?:字|合同|章|单子)(?:都|还|也|现在|最后)?(?:是|由|归|得|要|还得)?{P}(?:来"
            rf"|亲自)?(?:签|盖|落)"
        ),
        (
            rf"{P}[^,。{PERSON[1:-1]}]{{0,4}}(?:以下|以内|以上)(?:的)?(?:都|归|由)?(?:{P})?(?:批"
            rf"|签|定)"
        ),
        rf"(?:以下|以内)(?:的)?(?:都|归|由|是)*{P}(?:来)?(?:批|签|定)",
        rf"(?:由|归|是|让){P}(?:全权|暂时?|临时)?(?:代管|代理|主持|代签|说了算)",
        (
            rf"{P}(?:已经?|正式|来|现在|这边|全面){{0,2}}(?:接手|接任|接替|接管|接班|顶替"
            rf"|接[他她了过]|升任|出任|就任)"
        ),
        (
            rf"(?:(?:交给|移交给|交接给|转给){P}(?:了?来?(?:负责|管|接手|分管|牵头|决策|全权"
            rf"|决定|拍板|签))|(?:换成|换成了|改成|改由"
            rf"|改成由|换了|转由)(?:{PERSON}?){P}(?:了|来|负责|管|接手|分管|牵头|决策|全权))"
        ),
        (
            rf"(?:后面|后续|以后|今后|现在|接下来|往后|从[^,。]{{1,8}}起|改).{{0,10}}?(?:由|归"
            rf"|是|改由){P}.{{0,4}}?(?:负责"
            rf"|管(?!理)|分管|主管|牵头|全权|主抓)"
        ),
        (
            rf"(?:签字|拍板|合同|决策|最终|最后)[^,。]{{0,6}}(?:由|归|是|得|找|等|换成了?"
            rf"|改成了?){P}(?=$|[,。;了]|来)"
        ),
    )
)
