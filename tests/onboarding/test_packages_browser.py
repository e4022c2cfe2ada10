"""Content in a real browser: it reports, resumes, survives a lost line, and reaches nothing that is not its own."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, Route, expect

from onboarding.packages.scorm_pages import with_runtime
from onboarding.packages.scorm_snapshots import Status
from tests.journeys.serving import running_browser
from tests.onboarding.package_makers import Sco, item, manifest, package
from tests.onboarding.package_server import Player, playing

FIND_API = """
function findAPI(name) {
  let win = window, tries = 0;
  while (!win[name] && win.parent && win.parent !== win && tries++ < 7) win = win.parent;
  return win[name];
}
"""
COURSE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Accueillir</title><script>{FIND_API}
const api = findAPI("API");
const told = {{
  init: api.LMSInitialize(""), entry: api.LMSGetValue("cmi.core.entry"),
  place: api.LMSGetValue("cmi.core.lesson_location"),
  name: api.LMSGetValue("cmi.core.student_name"), mark: api.LMSGetValue("cmi.student_data.mastery_score"),
  total: api.LMSGetValue("cmi.core.total_time"), asked: api.LMSGetValue("cmi.interactions._count"),
}};
function next(place, score) {{
  api.LMSSetValue("cmi.core.lesson_location", place);
  api.LMSSetValue("cmi.suspend_data", "état de " + place);
  api.LMSSetValue("cmi.core.score.raw", String(score));
  const n = api.LMSGetValue("cmi.interactions._count");
  api.LMSSetValue("cmi.interactions." + n + ".id", "Q-" + place);
  api.LMSSetValue("cmi.interactions." + n + ".type", "choice");
  api.LMSSetValue("cmi.interactions." + n + ".student_response", "b");
  api.LMSSetValue("cmi.core.lesson_status", "incomplete");
  return api.LMSCommit("");
}}
function leave(status, exit) {{
  api.LMSSetValue("cmi.core.session_time", "0000:02:30.00");
  api.LMSSetValue("cmi.core.exit", exit);
  if (status) api.LMSSetValue("cmi.core.lesson_status", status);
  return api.LMSFinish("");
}}
</script></head><body><p>Accueillir</p></body></html>"""

HOSTILE = f"""<!DOCTYPE html><html><head><script>{FIND_API}
const api = findAPI("API");
api.LMSInitialize("");
const tried = {{}};
const attempt = (name, act) => {{
  try {{ tried[name] = String(act()); }} catch (error) {{ tried[name] = error.name; }}
}};
attempt("cookie", () => document.cookie);
attempt("storage", () => localStorage.length);
attempt("parent", () => parent.document.title);
attempt("token", () => parent.document.querySelector("iframe").dataset.token);
attempt("top", () => {{ top.location.href = "/secret"; return "went"; }});
attempt("window", () => window.open("/secret"));
const ask = (url, options) => fetch(url, options).then((answer) => answer.text()).catch((error) => error.name);
(async () => {{
  tried.secret = await ask("/secret", {{ credentials: "include" }});
  const headers = {{ Authorization: "Attempt t0ken" }};
  tried.commit = await ask("/commit", {{ method: "POST", headers, body: "{{}}" }});
  tried.elsewhere = await ask("https://elsewhere.example/");
  tried.own = await ask("data.json");
  const picture = new Image();
  picture.src = "/secret?picture";
  await new Promise((done) => {{ picture.onload = picture.onerror = done; }});
  const frame = document.createElement("iframe");
  frame.src = "/secret?frame";
  document.body.append(frame);
  parent.postMessage({{ homeshore: "scorm", session: "forged" }}, "*", [new MessageChannel().port2]);
  api.LMSSetValue("cmi.suspend_data", JSON.stringify(tried));
  api.LMSCommit("");
}})();
</script></head><body></body></html>"""


def held(page: str) -> bytes:
    unit = Sco("SCO-1", "unit/index.html", inside="<adlcp:masteryscore>80</adlcp:masteryscore>")
    return package(
        manifest(unit),
        further=[item("unit/index.html", page.encode()), item("unit/data.json", b'{"own": true}')],
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def opened(page: Page, player: Player) -> None:
    page.goto(player.origin + "/")
    expect(page.frame_locator("iframe").locator("body")).to_be_attached()
    framed(page)


def framed(page: Page) -> Frame:
    """The content's frame once it is loaded: the element has its address before the frame has."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_url("**/content/**")
    return frame


def content(page: Page, script: str) -> object:
    return framed(page).evaluate(script)


def until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait until the server knows it."""
    for _ in range(1200):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to be")


def saved(page: Page) -> None:
    expect(page.locator("[data-package-status]")).to_have_attribute("data-state", "saved")


@pytest.mark.browser
def test_a_unit_reports_resumes_where_it_stopped_and_is_judged_by_its_pass_mark(page: Page):
    with playing(held(COURSE)) as player:
        opened(page, player)
        first = content(page, "told")
        assert first == {
            "init": "true", "entry": "ab-initio", "place": "", "name": "Aïcha </script>", "mark": "80",
            "total": "00:00:00", "asked": "0",
        }  # fmt: skip
        assert content(page, "next('page-4', 40)") == "true"
        saved(page)
        assert (player.snapshot.location, player.snapshot.suspend_data) == ("page-4", "état de page-4")
        assert content(page, "leave('', 'suspend')") == "true"
        until(page, lambda: player.state.is_over)
        assert player.state.best_status is Status.INCOMPLETE

        opened(page, player)
        again = content(page, "told")
        assert isinstance(again, dict)
        assert (again["entry"], again["place"], again["total"]) == ("resume", "page-4", "00:02:30")
        assert again["asked"] == "1"
        content(page, "next('page-9', 85)")
        content(page, "leave('completed', '')")
        until(page, lambda: player.state.is_over)
        assert player.state.best_status is Status.PASSED
        assert player.state.total_centiseconds == 30_000
        assert [one.identifier for one in player.snapshot.interactions] == ["Q-page-4", "Q-page-9"]
        assert all(one.answer.is_taken for one in player.outcomes)


COURSE_2004 = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><script>{FIND_API}
const api = findAPI("API_1484_11");
const told = {{
  init: api.Initialize(""), entry: api.GetValue("cmi.entry"), place: api.GetValue("cmi.location"),
  mark: api.GetValue("cmi.scaled_passing_score"), kept: api.GetValue("cmi.suspend_data"),
}};
function leave(scaled, exit) {{
  api.SetValue("cmi.location", "7");
  api.SetValue("cmi.suspend_data", "état");
  api.SetValue("cmi.score.scaled", String(scaled));
  api.SetValue("cmi.session_time", "PT2M30S");
  api.SetValue("cmi.completion_status", exit ? "incomplete" : "completed");
  api.SetValue("cmi.exit", exit);
  return api.Terminate("");
}}
</script></head><body><p>Accueillir</p></body></html>"""


@pytest.mark.browser
def test_a_single_unit_of_scorm_2004_reports_and_resumes_in_its_own_words(page: Page):
    measure = """<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true">
<imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>
</imsss:sequencing>"""
    content_read = manifest(Sco("SCO-1", "index.html", inside=measure), version="2004 4th Edition")
    with playing(package(content_read, further=[item("index.html", COURSE_2004.encode())])) as player:
        opened(page, player)
        assert content(page, "told") == {
            "init": "true",
            "entry": "ab-initio",
            "place": "",
            "mark": "0.8",
            "kept": "",
        }
        assert content(page, "leave(0.4, 'suspend')") == "true"
        until(page, lambda: player.state.is_over)
        assert player.state.best_status is Status.INCOMPLETE

        opened(page, player)
        again = content(page, "told")
        assert again == {"init": "true", "entry": "resume", "place": "7", "mark": "0.8", "kept": "état"}
        content(page, "leave(0.9, '')")
        until(page, lambda: player.state.is_over)
        assert player.state.best_status is Status.PASSED
        assert (player.state.best_percent, player.state.total_centiseconds) == (90, 30_000)


@pytest.mark.browser
def test_content_reaches_no_session_no_token_and_nothing_outside_its_folder(page: Page):
    with playing(held(HOSTILE)) as player:
        opened(page, player)
        until(page, lambda: bool(player.snapshot.suspend_data))
        tried = json.loads(player.snapshot.suspend_data)
        assert tried.pop("own") == '{"own": true}'
        assert tried == {
            "cookie": "SecurityError", "storage": "SecurityError", "parent": "SecurityError", "token": "SecurityError",
            "top": "SecurityError", "window": "null", "secret": "TypeError", "commit": "TypeError",
            "elsewhere": "TypeError",
        }  # fmt: skip
        page.wait_for_timeout(300)
        assert page.url == player.origin + "/"
        assert player.secrets_read == 0


@pytest.mark.browser
def test_what_is_reported_while_the_line_is_lost_or_slow_or_on_leaving_is_sent(page: Page):
    with playing(held(COURSE)) as player:
        opened(page, player)
        page.context.set_offline(True)
        for place in ("page-1", "page-2", "page-3"):
            assert content(page, f"next('{place}', 10)") == "true"
        expect(page.locator("[data-package-status]")).to_have_attribute("data-state", "offline")
        assert player.outcomes == []
        page.context.set_offline(False)
        until(page, lambda: player.snapshot.location == "page-3")
        saved(page)

        held_back: list[Route] = []
        page.route("**/commit", lambda route: held_back.append(route), times=1)
        content(page, "next('page-4', 10)")
        until(page, lambda: bool(held_back))
        content(page, "for (let n = 0; n < 60; n++) next('page-5', n); next('page-6', 10)")
        held_back[0].continue_()
        until(page, lambda: player.snapshot.location == "page-6")

        content(page, "api.LMSSetValue('cmi.core.lesson_location', 'page-7')")
        content(page, "window.dispatchEvent(new Event('beforeunload'))")
        until(page, lambda: player.snapshot.location == "page-7")


@pytest.mark.browser
def test_content_in_a_frame_of_its_own_reports_too(page: Page):
    around = '<!DOCTYPE html><html><head></head><body><iframe src="course.html"></iframe></body></html>'
    made = package(
        manifest(Sco("SCO-1", "index.html")),
        further=[item("index.html", around.encode()), item("course.html", COURSE.encode())],
    )
    with playing(made) as player:
        opened(page, player)
        page.frame_locator("iframe").frame_locator("iframe").get_by_text("Accueillir").wait_for()
        inner = next(one for one in page.frames if one.url.endswith("course.html"))
        assert inner.evaluate("next('page-2', 10)") == "true"
        until(page, lambda: player.snapshot.location == "page-2")


@pytest.mark.browser
def test_a_window_opened_later_takes_over_and_the_earlier_one_says_so(browser: Browser):
    with playing(held(COURSE)) as player, browser.new_context() as context:
        one, other = context.new_page(), context.new_page()
        opened(one, player)
        opened(other, player)
        content(other, "next('newer', 10)")
        saved(other)
        content(one, "next('older', 10)")
        expect(one.locator("[data-package-status]")).to_have_attribute("data-state", "replaced")
        assert player.snapshot.location == "newer"


@pytest.mark.parametrize(
    ("page_read", "expected"),
    [
        (b"<html><head><title>", b"<html><head>+<title>"),
        (b"<script>head()</script><head>", b"+<script>head()</script><head>"),
        (b"<!DOCTYPE html><p>", b"<!DOCTYPE html>+<p>"),
        (b"<!DOCTYPE html>\n<HTML lang=fr>\n<script>", b"<!DOCTYPE html>\n<HTML lang=fr>+\n<script>"),
        (b"\xef\xbb\xbfplain", b"\xef\xbb\xbf+plain"),
        ("<html>".encode("utf-16"), "<html>".encode("utf-16")),
        (b"", b"+"),
        (b"<header><head>", b"<header><head>+"),
    ],
)
def test_the_run_time_comes_before_any_script_of_a_page(page_read: bytes, expected: bytes):
    assert with_runtime(page_read, b"+") == expected


def test_a_page_made_to_be_slow_to_search_takes_the_run_time_first():
    for page_read in (b"<head " * 20_000, b"<!doctype" * 20_000, b"<html\n" * 20_000):
        assert with_runtime(page_read, b"+") == b"+" + page_read
