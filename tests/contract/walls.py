"""Pages that stand between us and a source, as their makers serve them, and ordinary pages that speak of such things.

Written for these tests: the marks are those of the makers, the words are ours or the makers' stock phrases.
"""

from __future__ import annotations

BANNER = "An official website of the United States government. Here is how you know."


def page(title: str, body: str, head: str = "") -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'.encode()
    )


def scripted(title: str, script: str, body: str = "", noscript: str = "") -> bytes:
    return page(title, f"{body}<script>{script}</script><noscript>{noscript}</noscript>")


CODE = "var a=function(b){return b.split('').reverse().join('')};" * 300
"""Code that says nothing, of which challenges are full."""
LONG_NOTICE = (
    "You are accessing a U.S. Government information system, which includes this computer, the network it is "
    "attached to, "
    "and all devices and storage media attached to either. This system is provided for U.S. Government-authorized use "
    "only. Unauthorized or improper use may result in disciplinary action, and civil and criminal penalties. By using "
    "it you understand and consent that you have no reasonable expectation of privacy regarding any communication or "
    "data that passes through or is stored on it, and that it may be monitored, intercepted, searched and seized. "
)

WALLS: dict[str, bytes] = {
    "cloudflare_managed_challenge": scripted(
        "Just a moment...",
        "window._cf_chl_opt={cvId:'3',cType:'managed',cRay:'9ee1'};var a=document.createElement('script');"
        "a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=9ee1';" + CODE,
        noscript="Enable JavaScript and cookies to continue",
    ),
    "cloudflare_challenge_in_french": scripted("Un instant…", CODE, "<h1>www.example.ca</h1>", "Activer JavaScript"),
    "cloudflare_blocked": page(
        "Attention Required! | Cloudflare",
        '<div id="cf-wrapper"><h1>Sorry, you have been blocked</h1><h2>You are unable to access example.gov</h2>'
        "<p>This "
        "website is using a security service to protect itself from online attacks. The action you just performed "
        "triggered the security solution.</p><p>You can email the site owner to let them know you were blocked.</p>"
        "<p>Cloudflare Ray ID: <strong>9ee1eac2a80fde93</strong></p></div>",
    ),
    "cloudflare_rate_limit": page(
        "Access denied | www.example.gov used Cloudflare to restrict access",
        '<div class="cf-error-details"><h1>Error 1015</h1><h2>You are being rate limited</h2></div>',
    ),
    "cloudflare_under_attack": page(
        "DDoS protection by Cloudflare",
        "<h1>Checking your browser before accessing example.gov.</h1><p>This process is automatic.</p>",
        '<meta http-equiv="refresh" content="8">',
    ),
    "akamai_denied": b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n "
    b"\nYou don't have "
    b'permission to access "http&#58;&#47;&#47;www&#46;example&#46;gov&#47;" on this server.<P>\nReference&#32;&#35;'
    b"18&#46;6f1c2e17&#46;1776000000&#46;1a2b3c\n<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net</P>"
    b"\n</BODY>\n</HTML>\n",
    "akamai_interstitial": page(
        "&nbsp;",
        "<script>(function(){var xhr=new XMLHttpRequest();"
        'xhr.open("POST","/_sec/verify?provider=interstitial")})()</script>'
        f"<script>{CODE}</script>",
        '<meta http-equiv="refresh" content="5; URL=\'/x?bm-verify=AAQAAAAJ\'">',
    ),
    "akamai_crypto_challenge": page(
        "Challenge Validation",
        '<div id="sec-if-cpt-container"><iframe src="/_sec/cp_challenge/ak-challenge-4-2.htm"></iframe></div>',
    ),
    "imperva_incident": b'<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"><meta '
    b'name="viewport" '
    b'content="initial-scale=1.0"></head><body style="margin:0px;height:100%"><iframe id="main-iframe" '
    b'src="/_Incapsula_'
    b'Resource?CWUDNSAI=9&xinfo=4-2&incident_id=1234-5678&edet=12" frameborder=0 width="100%">Request unsuccessful. '
    b"Incapsula incident ID: 1234-5678</iframe></body></html>",
    "imperva_pardon": page(
        "Pardon Our Interruption",
        "<h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think "
        "you were a "
        "bot. There are a few reasons this might happen:</p><ul><li>You're a power user moving through this "
        "website with "
        "super-human speed.</li><li>You've disabled cookies in your web browser.</li></ul>",
    ),
    "datadome": page(
        "example.gov",
        "<p id='cmsg'>Please enable JS and disable any ad blocker</p><script data-cfasync='false'>var "
        "dd={'rt':'c','cid':'A',"
        "'hsh':'B','t':'fe','s':1,'host':'geo.captcha-delivery.com'}</script><script "
        "src='https://ct.captcha-delivery.com/c.js'>"
        "</script>",
    ),
    "human_press_and_hold": page(
        "Access to this page has been denied",
        '<div id="px-captcha"></div><h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1>',
        "<script>window._pxAppId='PXabc';window._pxJsClientSrc='/abc/init.js';</script>",
    ),
    "aws_waf_challenge": scripted(
        "",
        "window.gokuProps={'key':'AQ','iv':'B','context':'C'};AwsWafIntegration.forceRefreshToken().then(()=>"
        "location.reload())",
        '<div id="challenge-container"></div>',
        "<h1>JavaScript is disabled</h1> In order to continue, we need to verify that you're not a robot.",
    ),
    "aws_waf_captcha": page(
        "Human Verification",
        '<div id="captcha-container"></div>',
        '<script src="https://abc.edge.captcha-sdk.awswaf.com/abc/jsapi.js"></script>',
    ),
    "cloudfront": b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" '
    b'"http://www.w3.org/TR/html4/loose.dtd">\n'
    b"<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1><H2>"
    b"The request could "
    b"not be satisfied.</H2>Request blocked. We can't connect to the server for this app or website at this "
    b"time.</BODY></HTML>",
    "load_balancer_forbidden": b"<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>"
    b"403 Forbidden</h1>"
    b"</center>\r\n</body>\r\n</html>\r\n"
    + b"<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
    * 6,
    "f5_rejected": b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. "
    b"Please consult with "
    b"your administrator.<br><br>Your support ID is: 123456789<br><br><a href='javascript:history.back();'>[Go "
    b"Back]</a></body>"
    b"</html>",
    "f5_challenge": b"<html><head><script src='/TSPD/08ab?type=9'></script><script>window['bobcmn']='10111';"
    b"</script></head><body>"
    b"<noscript>Please enable JavaScript to view the page content.<br/>Your support ID is: 99.</noscript></body>"
    b"</html>",
    "federal_register_request_access": page(
        "Federal Register :: Request Access",
        f"<p>{BANNER}</p><h1>Request Access</h1><p>Due to aggressive automated scraping of FederalRegister.gov "
        f"and eCFR.gov, "
        "programmatic access to these sites is limited to access to our extensive developer APIs.</p><p>If you "
        "are a human "
        "user receiving this message, we can add your IP address to a set of IPs that can access "
        "FederalRegister.gov &amp; "
        "eCFR.gov; complete the CAPTCHA (bot test) below and click &quot;Request Access&quot;. This process "
        "will be necessary "
        "for each IP address you wish to access the site from, requests are valid for approximately one quarter "
        "(three months) "
        "after which the process may need to be repeated.</p><form method='post'><div class='g-recaptcha'></div><input "
        "type='submit' value='Request Access for 203.0.113.7'></form><p>If you want to request a wider IP "
        "range, first request "
        "access for your current IP, and then use the &quot;Site Feedback&quot; button found in the lower "
        "left-hand side.</p>",
    ),
    "request_access_bare": page("Request Access", "<p>Please tell us who you are.</p>"),
    "sucuri": page(
        "Sucuri WebSite Firewall - Access Denied",
        "<h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner, please open a ticket.</p>",
    ),
    "radware": page(
        "Radware Bot Manager Captcha",
        "<h2>Please solve this CAPTCHA to request unblock to the website</h2>",
        '<script src="https://captcha.perfdrive.com/captcha-public/rdwr_.js"></script>',
    ),
    "kasada": b"<!DOCTYPE html><html><head></head><body><script>window.KPSDK={};KPSDK.now=Date.now;"
    b"KPSDK.start=KPSDK.now()"
    b"</script><script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39-8ed7-437e-a3be-862e0f06eea3/ips.js'>"
    b"</script></body>"
    b"</html>",
    "fortinet": page(
        "Web Page Blocked!",
        "<h1>FortiGuard Intrusion Prevention</h1><p>The page you have requested has been blocked, because the URL is "
        "banned.</p><p>URL: www.example.gov/x</p>",
    ),
    "wordfence": page(
        "Your access to this site has been limited by the site owner",
        "<h1>Your access to this site has been limited by the site owner</h1><p>Your access to this service has been "
        "limited. (HTTP response code 503)</p><p>If you think you have been blocked in error, contact the owner of "
        "this site for assistance.</p><p>Block Reason: Access from your area has been temporarily limited for "
        "security reasons.</p><p>About Wordfence: Wordfence is a security plugin installed on over 5 million "
        "WordPress sites. The owner of this site is using Wordfence to manage access to their site.</p>"
        "<p>Generated by Wordfence at Sat, 3 Oct 2026 10:00:00 GMT.</p>",
    ),
    "barracuda": page(
        "Barracuda Networks", "<p>The Barracuda Networks firewall has blocked this address. Event 12.</p>"
    ),
    "imperva_error_16": page(
        "Error 16",
        "<p>Access denied. Error 16, www.example.gov. This request was blocked by our security service.</p>"
        "<p>Incident ID: 1234-5678. Powered by Imperva</p>",
    ),
    "vercel": page("Vercel Security Checkpoint", "<p>We're verifying your browser</p>"),
    "anubis": page("Making sure you're not a bot!", "<h1>Making sure you're not a bot!</h1><p>Loading...</p>"),
    "google_sorry": page(
        "https://www.example.gov/",
        "Our systems have detected unusual traffic from your computer network. Please try your request again later. "
        "<form action='https://www.google.com/sorry/index'></form>",
    ),
    "recaptcha_gate": page(
        "Security check",
        "<h1>Are you a robot?</h1><form><div class='g-recaptcha' data-sitekey='k'></div><button>Go on</button></form>",
        "<script src='https://www.google.com/recaptcha/api.js'></script>",
    ),
    "turnstile_gate": page(
        "example.gov",
        "<h1>Verify you are human</h1><form><div class='cf-turnstile'></div></form>",
        "<script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
    ),
    "login_gov": page(
        "Sign in - Login.gov",
        f"<p>{BANNER}</p><h1>Sign in</h1><form action='/' method='post'><label>Email<input type='email'></label>"
        f"<label>Password"
        "<input type='password'></label><button>Submit</button></form><a href='/forgot'>Forgot your password?</a>",
    ),
    "log_in_with_a_long_notice": page(
        "Welcome",
        f"<h1>Agency Portal</h1><form><input name='u'><input type='Password' name='p'><button>Log in</button></form>"
        f"<p>Please log in with your PIV card.</p><p>{LONG_NOTICE}</p>",
    ),
    "microsoft": scripted(
        "Sign in to your account",
        "$Config={fShowPersistentCookiesWarning:false,urlMsaSignUp:'https://login.live.com'};" + CODE,
    ),
    "adfs": page(
        "Sign In",
        "<div id='loginArea'><form action='/adfs/ls/?wa=wsignin1.0&amp;wtrealm=urn:x' method='post'><input "
        "name='UserName'>"
        "<input type='password' name='Password'></form></div>",
    ),
    "okta": page(
        "Agency - Sign In",
        "<div id='okta-login-container'></div>",
        "<script>var oktaSignIn=new OktaSignIn({baseUrl:'https://agency.okta.com'});</script>",
    ),
    "sharepoint": page(
        "Sign in to SharePoint",
        "<p>Redirecting you to sign in</p>",
        "<script>window.location.href='/_layouts/15/Authenticate.aspx?Source=%2Fsites%2Fx';</script>",
    ),
    "saml_post": b"<html><body onload='document.forms[0].submit()'><noscript><p>Note: your browser does not "
    b"support JavaScript, you "
    b"must press Continue.</p></noscript><form action='https://idp.example.gov/idp/profile/SAML2/POST/SSO' "
    b"method='post'><input "
    b"type='hidden' name='SAMLRequest' value='PHNhbWw='></form></body></html>",
    "refresh_to_log_in": b"<html><head><meta http-equiv='Refresh' content='0; "
    b"url=https://login.microsoftonline.com/common/oauth2/"
    b"authorize?client_id=x'></head><body></body></html>",
    "consent": page(
        "Before you continue",
        "<h1>Before you continue to example.eu</h1><p>We use cookies and data to deliver and maintain services. "
        "Please accept "
        "cookies to continue.</p><form action='/consent'><button>Accept all</button><button>Reject all</button></form>",
    ),
    "cookies_required": page(
        "Cookies required",
        "<p>Cookies must be enabled to view this site. Enable cookies in your browser and reload.</p>",
    ),
    "maintenance": page(
        "Site under maintenance",
        "<h1>We'll be back soon!</h1><p>The site is undergoing scheduled maintenance. Please try again later.</p>",
    ),
    "waiting_room": page(
        "Waiting Room",
        "<h1>You are now in line</h1><p>Estimated wait: 4 minutes. This page will refresh on its own.</p>",
    ),
    "scripts_only": b"<!doctype html><html><head><title>App</title><script defer src='/static/js/main.4f2.js'>"
    b"</script></head><body>"
    b"<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div></body></html>",
    "scripts_without_a_word": b"<!doctype html><html><head><meta charset='utf-8'><script>"
    + CODE.encode()
    + b"</script></head><body>"
    b"</body></html>",
    "fragment_that_goes_to_a_challenge": b"<script>document.cookie='x=1';"
    b"window.location.replace('/cdn-cgi/challenge-platform/h/g/x');"
    b"</script>",
    "fragment_that_forbids": b"<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>",
    "siteground_challenge": b"<html><head><link rel='icon' href='data:;'><meta http-equiv='refresh' "
    b"content='0;/.well-known/sgcaptcha/?r=%2F&y=ipc:203.0.113.7:1'></meta></head></html>",
    "azure_front_door": b'<html xmlns="http://www.w3.org/1999/xhtml"><head><meta content="text/html; charset=utf-8" '
    b'http-equiv="content-type"/></head><body><h2>The request is blocked.</h2><div id="errorref">20261128T1</div>'
    b"</body></html>",
    "azure_front_door_out_of_order": page("", "<h2>Our services aren't available right now</h2><p>Check back.</p>"),
    "mod_security": page(
        "Not Acceptable!",
        "<h1>Not Acceptable!</h1><p>An appropriate representation of the requested resource could not be found on this "
        "server. This error was generated by Mod_Security.</p>",
    ),
    "european_commission": page(
        "",
        "<p>Server inaccessibility</p><p>The European Commission web server you are trying to reach is temporarily "
        "unavailable. Your request has been blocked. Reference: 123</p>",
    ),
    "virtual_queue": page(
        "Server busy", "<p>We are experiencing high traffic. You are in a virtual queue. Please wait.</p>"
    ),
    "region": page(
        "Not available", "<h1>Not available in your region</h1><p>This service is not available from your location.</p>"
    ),
    "region_in_french": page("example.ca", "<p>Ce contenu n'est pas accessible depuis votre pays.</p>"),
    "consent_in_french": page(
        "Consentement", "<p>Nous utilisons des cookies. Acceptez pour continuer.</p><button>Tout accepter</button>"
    ),
    "consent_in_french_without_a_title": page(
        "www.example.fr",
        "<p>Nous utilisons des cookies. Acceptez les cookies pour poursuivre.</p><button>Tout accepter</button>",
    ),
    "consent_in_german": page(
        "Cookies", "<p>Wir verwenden Cookies.</p><button>Alle akzeptieren</button><button>Ablehnen</button>"
    ),
    "terms": page(
        "Terms of Use", "<h1>Terms of Use</h1><p>You must accept the terms to continue.</p><button>I accept</button>"
    ),
    "warning_banner": page(
        "Warning",
        "<p>You are accessing a U.S. Government (USG) Information System (IS) that is provided for USG-authorized use "
        "only.</p><form><button>OK</button></form>",
    ),
    "consent_banner_of_a_department": page(
        "Standard Mandatory DoD Notice and Consent Banner",
        f"<h1>Notice</h1><p>{LONG_NOTICE * 2}</p><form action='/'><button>I accept</button></form>",
    ),
    "too_many_attempts_at_a_government_site": page(
        "Sorry, there have been too many attempts to access this page - GOV.UK",
        "<main><h1>Sorry, there have been too many attempts to access this page</h1><p>Try again in a few minutes.</p>"
        "</main>",
    ),
    "bare_turnstile": page(
        "example.gov",
        "<h1>example.gov</h1><p>Verify you are human by completing the action below.</p><div id='t'></div>",
    ),
    "proxy_that_refuses": page(
        "ERROR: The requested URL could not be retrieved",
        "<h1>ERROR</h1><p>Access control configuration prevents your request from being allowed at this time.</p>",
    ),
    "site_down_for_maintenance": page(
        "Example.gov is down for scheduled maintenance",
        "<h1>Scheduled Maintenance Outage</h1><p>Example.gov is currently undergoing scheduled maintenance and will be "
        "back on Monday.</p>",
    ),
    "proxy_of_an_organisation": page(
        "Zscaler | Internet Security",
        "<p>Sorry, you don't have permission to visit this site. Your organization has selected a service to protect "
        "you from internet threats.</p>",
    ),
    "rate_of_undeclared_tools": page(
        "Example | Request Rate Threshold Exceeded",
        "<h1>Your Request Originates from an Undeclared Automated Tool</h1><p>To allow for equitable access to all "
        "users, the agency reserves the right to limit requests originating from undeclared automated tools. Your "
        "request has been identified as part of a network of automated tools outside of the acceptable policy.</p>"
        "<p>Please declare your traffic by updating your user agent to include company specific information.</p><p>For "
        "best practices on efficiently downloading information, including the latest filings, visit the pages for "
        "developers. You can also sign up for email updates on the open data program and its practices.</p>",
    ),
    "consent_that_values_privacy": page(
        "We value your privacy", "<p>We and our partners store information on a device.</p><button>Accept all</button>"
    ),
    "denied_in_chinese": page("访问被拒绝", "<h1>访问被拒绝</h1><p>您的请求已被拦截</p>"),
    "denied_in_japanese": page("アクセスが拒否されました", "<p>このページを表示する権限がありません。</p>"),
    "denied_in_spanish": page("Acceso bloqueado", "<h1>Acceso bloqueado</h1><p>Contacte al administrador.</p>"),
    "answer_that_is_not_ready": page("Please wait", "<p>Your request is being processed. This page will reload.</p>"),
    "plain_text_refusal": b"error code: 1020",
    "plain_text_rate_limit": b"Too many requests, slow down.\n",
    "json_challenge": b'{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=AHrl&hash=x&cid=y&t=fe"}',
    "json_human": b'{"appId":"PXabc","jsClientSrc":"/abc/init.js","firstPartyEnabled":true,"uuid":"1",'
    b'"hostUrl":"/abc/xhr",'
    b'"blockScript":"/abc/captcha/captcha.js?a=c&m=0"}',
}
"""Walls by name."""

PARAGRAPH = (
    "The agency examined how services tell people from programs. It found that a captcha keeps out some "
    "visitors who use "
    "assistive technology, and that firewalls which answer Access Denied give no reason. "
)
ARTICLE = "".join(f"<p>{PARAGRAPH * 2}</p>" for _ in range(6))


def article(title: str, body: str = ARTICLE, head: str = "", tail: str = "") -> bytes:
    return page(
        f"{title} | Example Agency",
        f"<header><nav><a href='/'>Home</a><a href='/login'>Sign in</a></nav></header><main><article><h1>"
        f"{title}</h1>{body}"
        f"</article></main>{tail}<footer><a href='/privacy'>Privacy</a></footer>",
        head,
    )


SCRIPTS = {
    "cloudflare": "<script>a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>",
    "cloudflare_newer": "<script>a.src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/1b2c/main.js'</script>",
    "akamai": "<script src='/akam/13/2b1c'></script>",
    "imperva": "<script src='/_Incapsula_Resource?SWJIYLWA=719d3'></script>",
    "datadome": "<script src='https://js.datadome.co/tags.js'></script>",
    "human": "<script src='https://client.px-cloud.net/PXabc/main.min.js'></script>",
    "aws": "<script src='https://x.token.awswaf.com/x/challenge.js'></script>",
    "recaptcha": "<script src='https://www.google.com/recaptcha/api.js'></script>",
    "f5": "<script>window['bobcmn']='10111';</script><script src='/TSPD/08ab?type=17'></script>",
    "kasada": "<script src='/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39/p.js'></script>"
    "<script>KPSDK.configure([])</script>",
    "radware": "<script>var rdwr_x=1;var shieldsquare='1'</script>",
    "wordfence": "<script>var u='/?wordfence_lh=1&hid=AA'</script>",
}
"""Scripts of bot management as ordinary pages carry them, by who makes them."""
SENTENCE = (
    "The department sets out how agencies should buy and use such systems, and what they must report to the office "
    "each year."
)
SHORT_NOTICE = "<p>The hearing is on March 3, 2026.</p>"
STATEMENT = (
    "<p>The Department today announced a new artificial intelligence safety programme, and asks the public for "
    "comments on it until the end of May.</p>"
)
F5_NOSCRIPT = "<noscript>Please enable JavaScript to view the page content.<br/>Your support ID is: 123.</noscript>"


def statement(body: str, head: str = "", title: str = "AI safety programme", before: str = "") -> bytes:
    """A page that does not say in its mark-up that it is an article."""
    return page(f"{title} | Agency", f"{before}<h1>{title}</h1><main>{body}</main>", head)


ORDINARY: dict[str, bytes] = {
    **{f"with_script_of_{maker}": article("A new rule", head=script) for maker, script in SCRIPTS.items()},
    **{
        f"short_with_script_of_{maker}": article("A hearing", SHORT_NOTICE, script) for maker, script in SCRIPTS.items()
    },
    **{
        f"bare_with_script_of_{maker}": page("Hearing", f"<h1>Hearing</h1>{SHORT_NOTICE}", script)
        for maker, script in SCRIPTS.items()
    },
    **{
        f"statement_{count}_with_script_of_{maker}": statement(STATEMENT * count, script)
        for maker, script in SCRIPTS.items()
        for count in (1, 2, 3, 6)
    },
    "statement_with_what_f5_tells_those_without_scripts": statement(STATEMENT, SCRIPTS["f5"] + F5_NOSCRIPT),
    "on_firewalls_by_name": statement(
        STATEMENT * 3 + "<p>Attackers used artificial intelligence against FortiGate firewalls of 600 owners.</p>"
    ),
    "on_firewalls_by_name_in_brief": statement(
        "<p>Attackers used artificial intelligence against FortiGate firewalls and sites behind Sucuri WebSite "
        "Firewall, Barracuda Networks and Wordfence.</p>"
    ),
    "with_a_picture_of_a_firewall": statement(f"{STATEMENT * 5}<img alt='FortiGate device'>"),
    "with_a_picture_of_a_firewall_in_brief": statement(
        f"{STATEMENT}<img alt='px-captcha on a FortiGate device' title='fgd_icon'>"
    ),
    "that_names_its_firewall": statement(f"{STATEMENT * 5}<p>Powered by Imperva</p>"),
    "that_names_its_firewall_in_brief": statement(f"{STATEMENT}<p>Powered by Imperva</p>"),
    "with_a_log_in_box_in_its_header": statement(
        STATEMENT * 2, before="<header><form action='/user/login'><input type='password'></form></header>"
    ),
    "titled_verification_required": page(
        "Verification required",
        "<h1>Verification required</h1><main><p>HUD published a notice on identity verification of tenants.</p>"
        f"{STATEMENT}</main>",
    ),
    "on_captchas": article("CAPTCHA alternatives for public services"),
    "on_bot_mitigation": article("Bot mitigation: verify you are human without a puzzle"),
    "on_requests_for_access": article("Request access to restricted data"),
    "on_access_denied": article("Access Denied: why firewalls refuse ordinary people"),
    "titled_like_a_wall": article("Access Denied"),
    "on_log_in": article(
        "Log in to your account with a passkey: new guidance", tail="<p>Please sign in to comment.</p>"
    ),
    "on_a_site_that_was_down": statement(STATEMENT, title="Example.gov is down for scheduled maintenance"),
    "on_a_site_that_was_down_in_brief": article("Example.gov is down for maintenance", SHORT_NOTICE),
    "on_privacy": statement(STATEMENT * 2, title="We value your privacy"),
    "on_undeclared_tools": statement(
        STATEMENT * 2 + "<p>Please declare your traffic: automated tools are limited from May on.</p>",
        title="Request rates of automated tools",
    ),
    "on_safety_verification_in_chinese": statement(STATEMENT, title="安全验证 of models"),
    "on_consent": statement(STATEMENT * 3, title="Notice and consent in the law of privacy"),
    "that_quotes_a_turnstile": article(
        "Challenge pages", "<p>They say: verify you are human by completing the action below.</p>"
    ),
    "on_maintenance": article("Scheduled maintenance of federal buildings"),
    "on_cookies": article("Cookie consent and the law"),
    "quotes_a_wall": article(
        "What a challenge page says",
        f"<p>It reads: Checking your browser before accessing example.gov. Ray ID 9ee1. Incapsula incident ID "
        f"12.</p>{ARTICLE}",
    ),
    "quotes_the_code_of_a_wall": article(
        "How challenges work", f"<pre>window._cf_chl_opt = {{}}; /cdn-cgi/challenge-platform/h/b</pre>{ARTICLE}"
    ),
    "with_a_form_and_captcha": article(
        "A new rule", tail="<form><input type='email'><div class='g-recaptcha'></div><button>Subscribe</button></form>"
    ),
    "with_a_log_in_form": article(
        "A new rule", tail="<form action='/login'><input type='password'><button>Log in</button></form>"
    ),
    "with_a_cookie_banner": article(
        "A new rule", tail="<div id='banner'>We use cookies. Accept all cookies or manage settings.</div>"
    ),
    "with_a_word_to_those_without_scripts": article(
        "A new rule", tail="<noscript>Please enable JavaScript.</noscript>"
    ),
    "list_of_links": page(
        "Memoranda",
        "<header><a href='/login'>Log in to your account</a></header><main><h1>Memoranda</h1><ul>"
        + "".join(
            f"<li><a href='/{n}.pdf'>M-26-{n:02} On automated access to public records</a></li>" for n in range(1, 9)
        )
        + "</ul></main><noscript>Please enable JavaScript to search.</noscript><script src='/app.js'></script>",
    ),
    "short_notice": article("Notice of a hearing", SHORT_NOTICE),
    **{
        f"in_a_few_words_{number}": page(title, f"<main><h1>{title}</h1><p>{words}</p></main>")
        for number, (title, words) in enumerate(
            (
                ("Forbidden goods list", "Goods that may not be exported."),
                ("Robots and AI strategy", "Our robots strategy."),
                ("Security checks for AI exports", "The new security check applies to exports."),
                ("Human verification of AI decisions", "Guidance on human verification of automated decisions."),
                ("Web application firewall guidance", "How to set up a firewall."),
                ("One moment in AI history", "A speech on AI by the Secretary of State at the summit."),
            )
        )
    },
    **{
        f"titled_{title.split()[0].lower()}_with_one_paragraph": page(
            f"{title} - GOV.UK", f"<main><h1>{title}</h1><p>{SENTENCE}</p></main>"
        )
        for title in (
            "Web application firewall guidance",
            "Checking your browser history: guidance for parents",
            "Access denied: report",
            "CAPTCHA",
            "Bot detection",
            "Consent",
            "Warning",
        )
    },
    "with_a_cookie_banner_in_french": statement(
        "<p>Le ministre annonce un programme.</p>",
        before="<div id='banner'>Nous utilisons des cookies. <button>Tout accepter</button></div>",
    ),
    "on_services_that_regions_lack": article("Services not available in your area: a report"),
    "not_found": page("Page not found - Example Agency", "<h1>Page not found</h1><p>The address may be wrong.</p>"),
    "bad_gateway": b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>"
    b"</center></body></html>",
}
"""Ordinary pages by name."""
