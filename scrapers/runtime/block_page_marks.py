"""By what walls are known: the one table of vendors' marks, titles and phrases. New walls are added here.

Belongs here: patterns and what each weighs. Does not belong here: reading pages and adding up, see `block_pages`.
Vendors serve scripts to ordinary pages too; only what the wall alone carries is `WALL_PARTS`, the rest are hints.
Marks are of recorded walls and of the vendors' descriptions.
"""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE | re.DOTALL)


CERTAIN_HEADERS = {
    "cf-mitigated": ("Cloudflare challenge", re.compile(r"challenge|block", re.I)),
    "x-amzn-waf-action": ("AWS WAF challenge", re.compile(r"challenge|captcha|block", re.I)),
    "x-dd-b": ("DataDome block", re.compile(r".")),
    "x-px-block": ("HUMAN block", re.compile(r".")),
    "x-sucuri-block": ("Sucuri block", re.compile(r".")),
    "x-vercel-mitigated": ("Vercel challenge", re.compile(r"challenge|deny|block", re.I)),
}
"""Headers that walls alone answer with: the wall's name, and the values that say so."""

HINTING_HEADERS = {
    "x-datadome": re.compile(r"protected|block", re.I),
    "x-iinfo": re.compile(r"."),
    "x-kpsdk-ct": re.compile(r"."),
    "x-distil-cs": re.compile(r"."),
    "server": re.compile(r"^(?:akamaighost|cloudflare|ddos-guard|sucuri|imperva|bigip|qrator|awselb)", re.I),
    "x-cache": re.compile(r"^error from cloudfront", re.I),
    "www-authenticate": re.compile(r"."),
}
"""Headers that walls answer with, and ordinary pages behind the same network too."""

REFUSING_STATUSES = frozenset((202, 401, 403, 405, 407, 429, 451, 503, 999))
"""Statuses that walls like; they say nothing alone, as documents that are gone or hidden bear some of them too."""

DOORS = re.compile(
    r"unblock\.federalregister\.gov|secure\.login\.gov|idp\.[\w.-]{0,60}login\.gov|login\.microsoftonline\.(?:com|us)"
    r"|login\.windows\.net|/adfs/(?:ls|oauth2)|\.okta(?:preview|-gov|-emea)?\.com|/oauth2/(?:v\d[\w.]*/)?authori[sz]e"
    r"|[?&]SAMLRequest=|/saml2?/(?:sso|login|idp)|/_layouts/15/Authenticate\.aspx|/_login/default\.aspx"
    r"|/_forms/default\.aspx|/idp/profile/SAML2|/auth/realms/|accounts\.google\.com/(?:v\d/)?signin"
    r"|validate\.perfdrive\.com"
    r"|geo\.captcha-delivery\.com|/cdn-cgi/challenge-platform/h/\w+/(?!scripts/)|/_sec/cp_challenge"
    r"|\.queue-it\.net|/cas/login|ecas\.ec\.europa\.eu/cas|webgate\.ec\.europa\.eu/cas",
    re.I,
)
"""Where log-in walls and challenges send a visitor: by Location, meta refresh, script, form or frame."""

WALL_PARTS = (
    (
        "Cloudflare challenge",
        _any(
            r"_cf_chl_opt",
            r"cf-chl-",
            r"cf_chl_",
            r"cf-challenge",
            r"/cdn-cgi/challenge-platform/h/\w+/(?!scripts/)",
            r"jschl[_-]",
            r"cf-error-details",
            r"cf_captcha_kind",
            r"cf-browser-verification",
            r"cf-mitigated",
        ),
    ),
    (
        "Akamai challenge",
        _any(r"sec-if-cpt", r"sec-cpt-if", r"/_sec/cp_challenge", r"sec_cpt", r"bm-verify=", r"errors\.edgesuite\.net"),
    ),
    (
        "Imperva block",
        _any(
            r"incident_id=",
            r"_Incapsula_Resource\?(?:CWUDNSAI|SWUDNSAI)",
        ),
    ),
    (
        "Imperva challenge",
        _any(r"/_pardon/", r"distil_r_(?:block|captcha)", r"distil_identify_block", r"distilCaptchaForm"),
    ),
    (
        "DataDome block",
        _any(r"geo\.captcha-delivery\.com", r"\bct\.captcha-delivery\.com", r"interstitial/\?initialCid"),
    ),
    (
        "HUMAN block",
        _any(
            r"px-captcha",
            r"_pxBlockedUrl",
            r"captcha\.px-cdn\.net",
            r"captcha\.px-cloud\.net",
            r"_pxCaptcha",
            r"/captcha/captcha\.js\?a=c",
        ),
    ),
    (
        "AWS WAF challenge",
        _any(
            r"gokuProps",
            r"AwsWafIntegration\.(?:forceRefreshToken|saveReferrer)",
            r"awsWafCookieDomainList",
            r"AwsWafCaptcha\.render",
            r"captcha\.awswaf\.com",
        ),
    ),
    ("Request Access", _any(r"unblock\.federalregister\.gov")),
    (
        "Sucuri block",
        _any(r"sucuri_cloudproxy_js", r"sucuri\.net/privacy", r"sucuri-firewall"),
    ),
    ("Kasada challenge", _any(r"/149e9513-01fa-4fb0-aad4-566afd725d1b/[\w/-]{0,200}/ips\.js")),
    ("DDoS-Guard challenge", _any(r"check\.ddos-guard\.net", r"/\.well-known/ddos-guard/")),
    ("Radware challenge", _any(r"validate\.perfdrive\.com", r"captcha\.perfdrive\.com")),
    ("Vercel challenge", _any(r"/\.well-known/vercel/security")),
    ("Anubis challenge", _any(r"anubis_challenge", r"/\.within\.website/x/cmd/anubis")),
    ("Google block", _any(r"google\.com/sorry/", r"/sorry/image\?")),
    ("Barracuda block", _any(r"barra_counter_session")),
    ("Fortinet block", _any(r"fgd_icon", r"/XX/YY/ZZ/CI/MGPGHGPGPFGHCDPFGGOGFGEH")),
    ("Wordfence block", _any(r"wfBlockingLog")),
    ("SiteGround challenge", _any(r"/\.well-known/(?:sg)?captcha")),
    (
        "log-in wall",
        _any(
            r"\$Config\s*=\s*\{.{0,400}?urlMsaSignUp",
            r"aadcdn\.ms(?:auth|ft)",
            r"okta-signin",
            r"oktaSignIn",
            r"OktaLogin",
            r"/adfs/portal/",
            r"idpwebsite",
            r"name=.?SAMLRequest",
            r"name=.?wresult",
            r"login-gov-",
            r"LoginGov::",
        ),
    ),
)
"""What only a wall's own page carries in its scripts, frames, forms and attributes, by the wall's name."""

WALL_WORDS = (
    ("Akamai block", _any(r"errors\.edgesuite\.net")),
    ("Cloudflare challenge", _any(r"verify you are human by completing the action below")),
    ("Imperva block", _any(r"Incapsula incident ID")),
    ("F5 block", _any(r"Your support ID is", r"Please consult with your administrator")),
    ("Barracuda block", _any(r"Barracuda Networks.{0,40}blocked")),
    ("Wordfence block", _any(r"Generated by Wordfence at")),
    ("ModSecurity block", _any(r"generated by Mod_?Security")),
    ("Azure Front Door block", _any(r"\A\W*The request is blocked\.", r"\A\W*Our services aren't available right now")),
    ("block of the European Commission", _any(r"\A\W*Server inaccessibility")),
    (
        "waiting room",
        _any(r"you are (?:now )?in (?:a |the |our )?(?:virtual )?(?:queue|waiting room)", r"virtual waiting room"),
    ),
    (
        "wall around a region",
        _any(
            r"(?:not|un)\s?available (?:in|from|to) your (?:region|country|location|area)",
            r"(?:not|un)\s?available to (?:users|visitors) (?:in|from) your",
            r"pas (?:disponible|accessible) (?:dans|depuis) votre (?:r[ée]gion|pays)",
            r"in (?:ihrer region|ihrem land) nicht verf(?:ü|ue)gbar",
        ),
    ),
)
"""What only a wall says, by its name. No product's name is one: the press writes of firewalls too."""

VENDOR_SCRIPTS = re.compile(
    r"/cdn-cgi/challenge-platform/scripts|challenges\.cloudflare\.com/turnstile|recaptcha|hcaptcha\.com|friendlycaptcha"
    r"|js\.datadome\.co|px-c(?:loud|dn)\.net|awswaf\.com|_Incapsula_Resource|/akam/|geetest|arkoselabs"
    r"|funcaptcha|g-captcha|/TSPD/|bobcmn|KPSDK\.|/149e9513-01fa-4fb0-aad4-566afd725d1b/|rdwr_|shieldsquare"
    r"|wordfence_lh"
    r"|captcha",
    re.I,
)
"""Scripts and elements of bot management, which ordinary pages and their forms carry too."""

CERTAIN_TITLES = re.compile(
    r"just a moment\W*|attention required!?( cloudflare)?|pardon our interruption\W*|human verification"
    r"|request rejected"
    r"|error: the request could not be satisfied|the requested url could not be retrieved"
    r"|request rate threshold exceeded"
    r"|(?:standard mandatory )?(?:dod |department of defense )?notice and consent (?:banner|provision)"
    r"|(?:sorry,? )?there have been too many (?:attempts|requests)(?: to access this page)?"
    r"|robot (?:check|challenge screen)|are you (?:a )?(?:robot|human)\W*"
    r"|(?:please )?verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human\W*|checking your browser(?: before.{0,60}|\W*)"
    r"|ddos protection by .{0,40}|vercel security checkpoint|making sure you(?:'re| are) not a bot!?|client challenge"
    r"|(?:you have|you've) been blocked\W*|(?:sorry, )?you have been blocked|access to this page has been denied\W*"
    r"|(?:your )?(?:request|access) (?:has been |was )?blocked\W*|bot (?:verification|detection|check)"
    r"|incapsula incident.{0,60}"
    r"|sucuri website firewall.{0,40}|un instant\W*|einen moment,? bitte\W*|un momento\W*|een moment geduld\W*"
    r"|aguarde um momento\W*"
    r"|しばらくお待ちください\W*|请稍候\W*|challenge validation|validating (?:your )?(?:browser|request)\W*"
    r"|web (?:page|site) blocked\W*|web filter (?:violation|block)\W*"
    r"|your access to this (?:site|service) has been limited.{0,60}"
    r"|one more step\W*|please (?:wait|stand by), while we (?:check|verify).{0,60}"
    r"|web application firewall(?: (?:alert|block|error|protection).{0,20})?\W*"
    r"|v[ée]rification (?:que vous [êe]tes humain|de s[ée]curit[ée])|sicherheits(?:ü|ue)berpr(?:ü|ue)fung|captcha",
    re.I,
)
"""Titles, whole or a part between two separators, that only a wall has."""

REFUSING_TITLES = re.compile(
    r"access (?:is |was |has been )?(?:denied|restricted|forbidden|blocked|limited)\W*|request(?:ing)? access"
    r"|access request required"
    r"|(?:http )?(?:status )?(?:error )?40[137]\W*(?:error|forbidden|unauthori[sz]ed|access denied)?\W*"
    r"|429\W*(?:too many requests)?\W*"
    r"|(?:error )?forbidden\W*(?:403)?|unauthori[sz]ed(?: access)?|not authori[sz]ed|too many requests|blocked"
    r"|rate limit(?:ed)?(?: exceeded)?"
    r"|(?:please )?(?:sign|log)[ -]?(?:in|on)(?: to (?:your account|continue))?|(?:sign|log)[ -]?in (?:required"
    r"|page)|working\W*"
    r"|single sign[- ]on(?: \(sso\))?|authentication required|login required|account (?:log|sign)[ -]?in"
    r"|session (?:expired|timed out)"
    r"|security (?:check|verification|challenge|checkpoint)(?: required)?|verification required"
    r"|additional security check.{0,40}"
    r"|verify(?:ing)?(?: your (?:browser|connection|device|session)| you\b.{0,40})?|before you (?:continue"
    r"|proceed)\b.{0,60}"
    r"|waiting room|you are (?:now )?in (?:a |the )?(?:queue|line)|queue-it|javascript (?:is )?(?:required|disabled)\W*"
    r"|(?:please )?enable (?:javascript|cookies)(?: and (?:cookies|javascript))?\W*|cookies? (?:consent|required|wall)"
    r"|unusual traffic.{0,40}|suspicious activity.{0,40}|bot (?:protection|mitigation|challenge)|(?:request"
    r"|page) blocked"
    r"|(?:406\W*)?not acceptable\W*"
    r"|acc[èe]s (?:refus[ée]|interdit|bloqu[ée])|zugriff (?:verweigert|gesperrt)|acceso (?:denegado|bloqueado)|interdit"
    r"|访问(?:被拒绝|被阻止|受限)|拒绝访问|禁止访问|请求被拦截|(?:安全|人机)验证|アクセス(?:が)?拒否(?:されました)?"
    r"|we value your privacy"
    r"|un moment s'il vous pla[îi]t\W*|one moment,? please\W*",
    re.I,
)
"""Titles of walls that a page with a text may have too, whole or a part between two separators."""

SOFT_TITLES = re.compile(
    r"redirecting\W*|loading\W*|please wait\W*|your privacy|privacy settings|cookies?(?: settings"
    r"| policy)?|login|verification"
    r"|(?:(?:site|scheduled|under|planned|system|website) )*maintenance(?: mode| page| notice)?"
    r"|(?:(?:the |this )?(?:site|service|website|page) (?:is )?)?(?:temporarily |currently )?(?:unavailable|down"
    r"|offline)(?: for maintenance)?"
    r"|we(?:'ll| will) be (?:right )?back\W*(?: soon)?\W*|down for (?:scheduled )?maintenance"
    r"|.{1,60} (?:is|are) (?:currently |temporarily )?(?:down for|undergoing|under) (?:(?:scheduled|planned|system) )*"
    r"maintenance"
    r"|(?:experiencing )?technical difficulties"
    r"|(?:cookie )?consent(?:ement|imiento|o)?|einwilligung|(?:gestion des|param[èe]tres des) cookies"
    r"|terms(?: of (?:use|service)| and conditions)?|(?:security |access )?warning|(?:warning|consent) banner"
    r"|(?:server|site) busy|not available"
    r"|connexion|anmelden|anmeldung|iniciar sesi[óo]n|sorry\W*|interruption",
    re.I,
)
"""Titles of walls that say little."""

WORDS_OF_WALLS = re.compile(
    r"\b(?:re)?captchas?\b|\b(?:ro)?bots?\b|\bautomated (?:traffic|access|requests)\b|\bhumans?\b|\byou(?:'re"
    r"| are) a person\b|\breal visitors\b"
    r"|\b(?:access|request|connection|page|url|site)\b.{0,60}\b(?:denied|blocked|forbidden|restricted|limited"
    r"|rejected|refused)\b"
    r"|\bblocked (?:page|request)\b|\bforbidden\b|\bunauthori[sz]ed\b|\bnot acceptable\b|\bfirewall\b|\bwaf\b"
    r"|\b(?:one|un|einen) moment\b"
    r"|\bsecurity (?:check|verification|challenge)|\b(?:verify|verifying|validating"
    r"|checking) (?:your )?(?:browser|identity|connection|device)"
    r"|\b(?:log|sign)[ -]?(?:in|on)\b|\blogin\b|\bsso\b|\bpassword\b|\bauthentication\b|\bwaiting room\b"
    r"|\bokta\b|\bzscaler\b|\bradware\b",
    re.I,
)
"""Words in titles of walls; a short page that bears them may be one."""

PHRASES = re.compile(
    r"(?<![a-z])(?:"
    r"(?:confirm|prove|check|ensure|make sure)(?:ing)? (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot"
    r"|bot|person)|show that you are a person"
    r"|verify(?:ing)? (?:that )?you are (?:a |not a )?(?:human|robot|bot)|verify you(?:'re| are) (?:a )?human"
    r"|(?:are|you're) not a (?:robot|bot)\b"
    r"|checking (?:your|if the site) (?:browser|connection)|(?:needs to|must) review the security of your connection"
    r"|enable (?:javascript|js|cookies)(?: and (?:cookies|javascript|disable any ad blocker))? (?:to|in your|and"
    r"|before)"
    r"|(?:please )?enable (?:javascript|js)\b|(?:requires|needs|without) javascript|javascript (?:is|must be"
    r"|has been) (?:required|disabled|enabled)"
    r"|unusual (?:traffic|activity) from your|automated (?:scraping|queries|requests|access|tools?|traffic)\b"
    r"|declare your traffic|your request (?:originates from|has been identified|is being processed)"
    r"|page will (?:reload|refresh)"
    r"|(?:programmatic|automated) access (?:to|has)|you (?:don't|do not) have permission to (?:access|view|visit)"
    r"|your (?:organi[sz]ation|company|network|administrator) (?:has (?:selected|blocked)|blocks|does not allow)"
    r"|(?:your )?(?:ip|access|request|activity)[^.]{0,40} (?:has been|was|is) (?:blocked|denied|rejected"
    r"|restricted|limited|flagged)"
    r"|you (?:have been|are) (?:blocked|being rate limited)|(?:complete|solve|enter|answer) the (?:captcha"
    r"|security check|puzzle|characters)|request blocked"
    r"|your (?:support|incident|reference|request|ray|event) id|ray id:?|incident id:?|reference\s*#\s*\d"
    r"|error (?:code|reference):? ?\d{3,}"
    r"|something about your browser made us think|you(?:'re| are) (?:a |accessing a )?(?:bot"
    r"|u\.?s\.? government (?:\(usg\) )?information system)"
    r"|(?:sign|log) ?(?:in|on) (?:to (?:continue|your account|access|proceed)|with (?:your|an|a))"
    r"|must (?:be (?:logged|signed) in|(?:log|sign) ?in|authenticate)|please (?:log|sign) ?in|forgot (?:your )?password"
    r"|(?:accept|consent to|allow) (?:all |the |our |use of |the use of )*cookies (?:to|before|in order)"
    r"|nous utilisons (?:des|les) cookies|acceptez[^.]{0,40} (?:pour|afin de) (?:continuer|poursuivre|acc[ée]der)"
    r"|tout accepter|accepter et continuer|wir (?:verwenden|nutzen) cookies|alle akzeptieren|akzeptieren und weiter"
    r"|akzeptieren[^.]{0,40} um fortzufahren|(?:utilizamos|usamos) cookies|aceptar (?:todo|y continuar)"
    r"|must (?:accept|agree to) (?:the|our|these) (?:terms|conditions)"
    r"|before you continue to|cookies (?:must|need to) be (?:enabled|accepted)"
    r"|(?:undergoing|down for|under|performing|scheduled|planned) (?:\w+ )?maintenance"
    r"|temporarily (?:unavailable|offline|down)|(?:be back|try again) (?:soon|shortly|later|in a)"
    r"|you will be redirected|redirecting you|(?:wait|hold on|stand by) while we|estimated wait"
    r"|your place in (?:the )?(?:line|queue)|too many requests|rate limit"
    r"|press (?:and|&) hold|click and hold|not authori[sz]ed to|access (?:is )?denied"
    r"|request could not be satisfied|requested url was rejected"
    r"|v[ée]rifi(?:er|ez) que vous [êe]tes|activer javascript|acc[èe]s refus[ée]|zugriff verweigert)"
)
"""What walls say to the visitor: of this browser, this address, this request. In small letters, and where no
word goes before, which takes a fifteenth of the time.
"""

PLAIN_WALLS = re.compile(
    r"error code: ?1\d{3}|(?:http )?(?:error )?(?:403|429)?[\s:,-]*(?:access (?:is )?(?:denied|forbidden"
    r"|blocked)|forbidden|too many requests|request (?:blocked|rejected)"
    r"|rate limit(?: exceeded)?|blocked|unauthori[sz]ed)\b.{0,300}|(?:your|this) (?:ip|request"
    r"|access)\b.{0,80}\b(?:blocked|denied|limited)\b.{0,200}",
    re.I | re.S,
)
"""Walls that are a few words of plain text, whole."""

JSON_WALLS = re.compile(
    r'\s*\{[^{}]{0,400}(?:"url"\s*:\s*"https://(?:geo|ct)\.captcha-delivery\.com|"(?:blockScript|jsClientSrc'
    r'|hostUrl)"\s*:\s*"/?[^"]{0,200}'
    r'(?:captcha|px)|"cloudflare_error"\s*:\s*true|"(?:captcha|challenge)_?url"\s*:\s*")',
    re.I,
)
"""Walls answered in JSON to those who ask for JSON, from their first byte on."""
