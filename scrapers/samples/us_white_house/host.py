"""www.whitehouse.gov as its feeds, sitemaps and pages answer.

Thirty posts a page of a feed, HTTP 404 past the last; the root feed and the API are closed; every text begins with
navigation whose ids hang on the post's place in the feed, and ends with the line that says where it appeared first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer, whole_number
from scrapers.samples.host import SampleHost
from scrapers.samples.us_white_house.posts import Post

HOST = "www.whitehouse.gov"
SITE = f"https://{HOST}"
ROBOTS = f"User-agent: *\nDisallow: /?s=\n\nSitemap: {SITE}/sitemap_index.xml\n"
PER_PAGE = 30
PER_SITEMAP = 200
TEASER_CHARS = 300
ALL = "News"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"\n\txmlns:wfw="http://wellformedweb.org/CommentAPI/"\n\t'
    'xmlns:dc="http://purl.org/dc/elements/1.1/"\n\txmlns:atom="http://www.w3.org/2005/Atom"\n\t'
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"\n\txmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
MAP_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sample_host(posts: Sequence[Post]) -> SampleHost:
    """The host's answers."""
    host = WhiteHouse(posts)
    routes = [
        web.get("/news/feed/", host.feed_of_all),
        web.get("/articles/feed/", host.moved_feed),
        web.get("/sitemap_index.xml", host.sitemap_index),
        web.get("/{name:post-sitemap[0-9]*\\.xml}", host.sitemap),
        web.route("*", "/wp-json/{rest:.*}", host.closed),
        web.get("/{section}/feed/", host.feed_of_section),
        web.get("/{section}/{subsection}/feed/", host.feed_of_section),
        web.get("/{section}/{year}/{month}/{slug}/", host.page),
    ]
    return SampleHost(routes, ROBOTS)


class WhiteHouse:
    """The handlers."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self._posts = posts
        self._by_path = {post.path: post for post in posts}

    async def feed_of_all(self, request: web.Request) -> web.Response:
        """The feed of all posts."""
        return _feed(self._posts, ALL, "/news/", request)

    async def feed_of_section(self, request: web.Request) -> web.Response:
        """The feed of a section or a subsection."""
        section, subsection = request.match_info["section"], request.match_info.get("subsection")
        posts = [
            post
            for post in self._posts
            if post.section_slug == section and (subsection is None or _slug(post.subsection) == subsection)
        ]
        if not posts:
            return _not_found()
        return _feed(
            posts, (posts[0].subsection if subsection else None) or posts[0].section, request.path[:-5], request
        )

    async def moved_feed(self, _: web.Request) -> web.Response:
        """The old name of a section."""
        return web.Response(status=301, headers={"Location": f"{SITE}/releases/feed/"})

    async def closed(self, _: web.Request) -> web.Response:
        """The API of WordPress, for nobody."""
        refusal = {
            "code": "rest_forbidden",
            "message": "Sorry, you are not allowed to do that.",
            "data": {"status": 403},
        }
        return json_answer(refusal, status=403)

    async def sitemap_index(self, _: web.Request) -> web.Response:
        """The sitemaps that there are, the oldest posts in the first."""
        listed = [("page-sitemap.xml", self._posts[0].at)]
        listed += [(_map_name(number), chunk[-1].at) for number, chunk in enumerate(self._chunks())]
        entries = "".join(
            f"\t<sitemap>\n\t\t<loc>{SITE}/{name}</loc>\n\t\t<lastmod>{at.isoformat()}</lastmod>\n\t</sitemap>\n"
            for name, at in listed
        )
        return _xml(f"<sitemapindex {MAP_SPACE}>\n{entries}</sitemapindex>\n")

    async def sitemap(self, request: web.Request) -> web.Response:
        """The addresses of posts, oldest first."""
        for number, chunk in enumerate(self._chunks()):
            if _map_name(number) == request.match_info["name"]:
                entries = "".join(
                    f"\t<url>\n\t\t<loc>{SITE}{post.path}</loc>\n\t\t<lastmod>{post.at.isoformat()}</lastmod>\n\t</url>\n"
                    for post in chunk
                )
                return _xml(f"<urlset {MAP_SPACE}>\n{entries}</urlset>\n")
        return _not_found()

    async def page(self, request: web.Request) -> web.Response:
        """The web page of one post."""
        post = self._by_path.get(request.path)
        return _not_found() if post is None else text_answer(_page(post), content_type="text/html")

    def _chunks(self) -> list[list[Post]]:
        oldest_first = [*reversed(self._posts)]
        return [oldest_first[start : start + PER_SITEMAP] for start in range(0, len(oldest_first), PER_SITEMAP)]


def _map_name(number: int) -> str:
    return f"post-sitemap{number + 1 if number else ''}.xml"


def _slug(name: str | None) -> str:
    return "-".join((name or "").lower().replace("&", "").split())


def _feed(posts: Sequence[Post], title: str, path: str, request: web.Request) -> web.Response:
    page = max(1, whole_number(request.query.get("paged"), 1))
    shown = posts[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not shown:
        return _not_found()
    items = "".join(_item(post, title, place) for place, post in enumerate(shown))
    body = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\t{SPACES}
\t>

<channel>
\t<title>{escape(title)} &#8211; The White House</title>
\t<atom:link href="{SITE}{path}feed/" rel="self" type="application/rss+xml" />
\t<link>{SITE}{path}</link>
\t<description></description>
\t<lastBuildDate>{_rfc(posts[0].at)}</lastBuildDate>
\t<language>en-US</language>
\t<sy:updatePeriod>
\thourly\t</sy:updatePeriod>
\t<sy:updateFrequency>
\t1\t</sy:updateFrequency>
{items}\t</channel>
</rss>
"""
    answer = web.Response(text=body, content_type="application/rss+xml", charset="utf-8")
    answer.headers["Cache-Control"] = "max-age=300"
    answer.headers["ETag"] = f'W/"{posts[0].number}"'
    answer.headers["Last-Modified"] = _rfc(posts[0].at).replace("+0000", "GMT")
    return answer


def _item(post: Post, title: str, place: int) -> str:
    categories = "\n\t\t".join(
        f"<category><![CDATA[{name}]]></category>" for name in (post.section, post.subsection) if name
    )
    appeared = (
        f'<p>The post <a href="{SITE}{post.path}">{escape(post.title)}</a> appeared first on '
        f'<a href="{SITE}">The White House</a>.</p>\n'
    )
    teaser = escape(_teaser(post))
    return f"""\t\t<item>
\t\t<title>{escape(post.title, quote=False).replace("'", "&#8217;")}</title>
\t\t<link>{SITE}{post.path}</link>
\t\t
\t\t<dc:creator><![CDATA[The White House]]></dc:creator>
\t\t<pubDate>{_rfc(post.at)}</pubDate>
\t\t\t\t{categories}
\t\t<guid isPermaLink="false">{SITE}/?p={post.number}</guid>

\t\t\t\t\t<description><![CDATA[<p>{teaser} [&#8230;]</p>
{appeared}]]></description>
\t\t\t\t\t\t\t\t\t\t<content:encoded><![CDATA[{_navigation(title, place)}{_text(post)}
{appeared}]]></content:encoded>
\t\t\t\t\t
\t\t
\t\t
\t\t\t</item>
"""


def _teaser(post: Post) -> str:
    plain = " ".join(_plain(paragraph) for paragraph in post.paragraphs)
    return plain[:TEASER_CHARS].rpartition(" ")[0]


def _plain(paragraph: str) -> str:
    pieces = paragraph.split("<")
    return pieces[0] + "".join(piece.partition(">")[2] for piece in pieces[1:])


def _text(post: Post) -> str:
    paragraphs = [f'<p class="wp-block-paragraph">{text}</p>' for text in post.paragraphs]
    if post.is_signed:
        day = f"{post.at:%B} {post.at.day}, {post.at.year}"
        paragraphs += [
            f'<p class="has-text-align-center wp-block-paragraph">{"&nbsp;" * 28} </p>',
            f'<p class="has-text-align-center wp-block-paragraph">{" " * 56}DONALD J. TRUMP</p>',
            '<p class="wp-block-paragraph">THE WHITE HOUSE,</p>',
            f'<p class="wp-block-paragraph">&nbsp;&nbsp; {day}.</p>',
        ]
    return "\n\n\n\n".join(paragraphs)


def _navigation(title: str, place: int) -> str:
    """What every text begins with; the numbers in it rise by two a post."""
    number = 6 + 2 * place
    select = f"wp-block-whitehouse-topper-navigation__mobile-{number}"
    return f"""
<div class="alignfull has-wide-width wp-block-whitehouse-topper">
\t<div class="wp-block-whitehouse-topper__inner-container">
\t\t<div class="wp-block-whitehouse-topper__content">
\t\t\t<h1 class="wp-block-whitehouse-topper__headline">
\t\t\t\t\t{escape(title)}\t\t\t\t</h1>
\t\t</div>
\t</div>
\t\t<nav class="wp-block-whitehouse-topper-navigation" data-block-version="1">
\t\t<div class="wp-block-whitehouse-topper-navigation__search">
\t\t\t<form role="search" method="get" action="{SITE}/news/" class="wp-block-search" >\
<label for="wp-block-search__input-{number + 1}" >Search</label>\
<input id="wp-block-search__input-{number + 1}" placeholder="Search News" value="" type="search" name="s"  />\
<button type="submit" ></button></form>\t\t</div>
\t\t<div class="wp-block-whitehouse-topper-navigation__mobile">
\t\t\t<label id="{select}-label" for="{select}-select">Select Category</label>
\t\t\t<select id="{select}-select" data-wp-on--change="actions.navigate" aria-labelledby="{select}-label" role="menu">
\t\t\t\t<option value="{SITE}/news/" role="menuitem">All News</option>
\t\t\t\t<option value="{SITE}/briefings-statements/" role="menuitem">Briefings &amp; Statements</option>
\t\t\t</select>
\t\t</div>
\t</nav>
\t</div>






"""


def _page(post: Post) -> str:
    subsection = ""
    if post.subsection:
        subsection = (
            '<div class="wp-block-whitehouse-byline-subcategory">'
            '<a class="wp-block-whitehouse-byline-subcategory__link" '
            f'href="{SITE}/{post.section_slug}/{_slug(post.subsection)}/">{escape(post.subsection)}</a></div>'
        )
    day = f"{post.at:%B} {post.at.day}, {post.at.year}"
    stamp = f'<div class="wp-block-post-date"><time datetime="{post.at.isoformat()}">{day}</time></div>'
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
<meta charset="UTF-8" />
<title>{escape(post.title)} &#8211; The White House</title>
<link rel="canonical" href="{SITE}{post.path}" />
<link rel='shortlink' href='{SITE}/?p={post.number}' />
</head>
<body class="wp-singular post-template-default single single-post postid-{post.number} wp-theme-whitehouse">
<div class="wp-block-whitehouse-topper">
<h1 class="wp-block-whitehouse-topper__headline">{escape(post.title)}</h1>
{subsection}{stamp}
</div>
<div class="entry-content wp-block-post-content">
{_text(post)}
</div>
</body>
</html>
"""


def _rfc(at: datetime) -> str:
    return format_datetime(at)


def _xml(body: str) -> web.Response:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    style = f'<?xml-stylesheet type="text/xsl" href="//{HOST}/main-sitemap.xsl"?>'
    return text_answer(f"{head}{style}\n{body}", content_type="text/xml")


def _not_found() -> web.Response:
    head = "<!DOCTYPE html>\n<html><head><title>Page not found &#8211; The White House</title></head>"
    return text_answer(f"{head}<body></body></html>\n", status=404, content_type="text/html")
