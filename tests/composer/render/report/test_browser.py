"""The page in a real browser, where Chromium is installed: quiet, whole, and usable by anybody."""

import base64
import gzip
import html
import json
import shutil

import numpy as np
import pytest
from scipy import signal

from composer.render.rendering import Rendering
from composer.render.report.influence import Influences, names

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"
)

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def file(china, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "china.html"
    path.write_bytes(Rendering(china).html)
    return path


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=CHROMIUM)
        except sync_api.Error as error:
            pytest.skip(f"{CHROMIUM} does not start: {error.message.splitlines()[0]}")
        yield found
        found.close()


@pytest.fixture
def visit(browser, file):
    """Opens the page; whatever it complains of or asks the network for is found at the end."""
    complaints, opened = [], []

    def go(size, scheme="light", path=file, **options):
        context = browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", **options
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url[:80]))
        page.goto(path.as_uri())
        if options.get("java_script_enabled", True) and path == file:
            page.wait_for_selector("html.js")
        return page

    yield go
    for context in opened:
        context.close()
    asked = [text for text in complaints if not text.startswith(("data:", "file:", "blob:"))]
    assert asked == []


def lit(page, kind="lit"):
    """The notes of the roll that are shown so."""
    found = page.evaluate(
        "kind => [...document.querySelectorAll('.notes rect.' + kind)].map(r => +r.dataset.note)",
        kind,
    )
    return set(found)


def show(page, target):
    """Choose something by its button, wherever that is folded away."""
    button = page.locator(f"button[data-shows='{target}']").first
    button.evaluate(
        "e => { for (let d = e; d = d.closest('details:not([open])');) d.open = true; }"
    )
    button.click()


def until(page, holds):
    """Wait for it; what playwright waits with is forbidden by the page's own policy."""
    for _ in range(400):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {holds}")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_says_nothing_to_the_console(visit, size, scheme):
    page = visit(size, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"
    assert dark == (scheme == "dark")
    assert page.locator("img").evaluate("image => image.complete && image.naturalWidth") > 300
    # Nothing stands beyond the edge, whether or not it could be scrolled to.
    beyond = page.evaluate(
        "() => [...document.querySelectorAll('main *, header *')].filter(e => !e.closest('.scroll')"
        " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"
    )
    assert beyond == []


@pytest.mark.parametrize("name", ["density", "dissonance", "chord_pattern"])
def test_a_decision_lights_exactly_the_notes_whose_cause_names_it(visit, china_document, name):
    page = visit(DESKTOP)
    show(page, f"decision:{name}")
    notes = china_document["notes"]
    assert lit(page) == {n for n, note in enumerate(notes) if name in names(note["cause"])} != set()


def test_rules_light_their_notes_and_say_so(visit, china_document):
    page = visit(DESKTOP)
    notes, reaches = china_document["notes"], Influences(china_document)
    for rule in ("structural-note", "parallel-fifths"):
        show(page, f"theory:{rule}")
        assert lit(page) == {n for n, note in enumerate(notes) if rule in names(note["cause"])}
        assert f"{len(lit(page))} notes" in page.inner_text("#told")
    show(page, "rule:detail-notes")
    assert lit(page) == reaches.rule("detail-notes").notes == reaches.named("density")
    show(page, "rule:light-calms")
    assert lit(page) == set()
    assert lit(page, "through") == reaches.rule("light-calms").through != set()
    page.click("#clear")
    assert lit(page) | lit(page, "through") == set()
    assert page.locator("[aria-pressed=true]").count() == 0


def test_a_region_lights_what_stands_for_it(visit, china_document):
    page = visit(PHONE)
    for number, region in enumerate(china_document["picture"]["regions"]):
        page.locator(f"path[data-shows='region:{number}']").dispatch_event("click")
        assert lit(page) == Influences(china_document).region(region["name"]).notes
        assert page.locator(f"[data-shows='region:{number}'][aria-pressed=true]").count() == 2


def test_a_note_tells_its_causes(visit, china_document):
    page = visit(PHONE)
    number = next(
        n
        for n, note in enumerate(china_document["notes"])
        if note["cause"]["trace"] and note["cause"]["trace"]["weighed"]["runner_up"]
    )
    cause = china_document["notes"][number]["cause"]
    page.locator(f"rect[data-note='{number}']").first.click(force=True)
    sheet = page.inner_text("#sheet")
    assert cause["label"] in sheet
    assert cause["region"] in sheet
    for rule in names(cause):
        assert rule.replace("_", " ") in sheet
    assert cause["trace"]["weighed"]["runner_up"].replace("#", "♯") in sheet
    page.click("#sheet [data-shows='decision:density']")
    assert number in lit(page)


def test_the_keyboard_reaches_everything(visit, china_document):
    page = visit(DESKTOP)
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "() => { const e = document.activeElement, r = e.getBoundingClientRect();"
                " return [e.dataset.note, e.dataset.shows, r.width > 0,"
                " getComputedStyle(e).outlineStyle !== 'none' || e.matches('[data-note],path')]; }"
            )
        )
        if seen[-1][0] is not None:
            break
    assert all(width and outlined for _, _, width, outlined in seen)
    regions = [shown for _, shown, _, _ in seen if shown and shown.startswith("region:")]
    assert len(regions) == 2 * len(china_document["picture"]["regions"])
    first = int(seen[-1][0])
    assert china_document["notes"][first]["part"] == "melody"
    page.keyboard.press("Enter")
    assert lit(page) == {first}
    assert page.get_attribute(f"rect[data-note='{first}']", "aria-current") == "true"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('#sheet') !== null")
    page.keyboard.press("Escape")
    assert int(page.evaluate("document.activeElement.dataset.note")) == first
    assert page.is_hidden("#sheet")
    page.keyboard.press("ArrowRight")
    later = int(page.evaluate("document.activeElement.dataset.note"))
    assert china_document["notes"][later]["tick"] > china_document["notes"][first]["tick"]
    page.keyboard.press("ArrowDown")
    below = int(page.evaluate("document.activeElement.dataset.note"))
    assert china_document["notes"][below]["part"] == china_document["parts"][1]["part"]
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    assert lit(page) == set()
    # One stop for the roll: the next is beyond it.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.note || ''") == ""


def test_whoever_cannot_see_it_is_told(visit, china_document):
    page = visit(DESKTOP)
    show(page, "decision:density")
    tree = page.locator("body").aria_snapshot()
    for name in (
        "banner",
        'heading "What the picture decided"',
        'region "Player and choice"',
        'button "Play"',
        'slider "Bar"',
        'group "Bars 1 to 4"',
        "status",
        'button "Show its notes" [pressed]',
    ):
        assert name in tree, name
    note = china_document["notes"][0]
    place = f"bar {note['bar']} beat {note['beat']}, {note['part']}, {note['cause']['label']}"
    assert place in tree
    nameless = page.evaluate(
        "() => [...document.querySelectorAll('button, [role=button], summary, input, a')]"
        ".filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).length"
    )
    assert nameless == 0


def test_it_plays_what_the_file_holds(visit, china_document):
    page = visit(DESKTOP)
    held, seconds = page.evaluate("[midi.notes.length, midi.length]")
    assert held == len(china_document["notes"])
    assert seconds == pytest.approx(china_document["plan"]["seconds"], rel=0.03)
    page.click("#play")
    while page.evaluate("player.now()") < 0.2:
        page.wait_for_timeout(50)
    assert page.get_attribute("#play", "aria-label") == "Pause"
    assert page.locator(".cursor:not([hidden])").count() == 1
    page.locator("#seek").fill("8")
    assert page.evaluate("midi.toTicks(player.now()) / 96") == pytest.approx(8, abs=0.1)
    page.click("#play")
    page.wait_for_selector("#play[aria-label='Play']")


def test_it_works_inside_another_page(visit, file, tmp_path):
    """As a notebook shows it: in a frame, by its source."""
    outer = tmp_path / "notebook.html"
    source = html.escape(file.read_text(encoding="utf-8"))
    outer.write_text(f'<iframe srcdoc="{source}" width="900" height="600"></iframe>', "utf-8")
    page = visit(DESKTOP, path=outer)
    frame = page.frame_locator("iframe")
    frame.locator("button[data-shows='decision:density']").evaluate(
        "e => { e.closest('details').open = true; }"
    )
    frame.locator("button[data-shows='decision:density']").click()
    assert frame.locator(".notes rect.lit").count() > 10
    frame.locator("a[href='#source-kurdi2017']").first.click()
    assert frame.locator("#source-kurdi2017").evaluate("e => document.activeElement === e")


def test_it_can_be_read_without_scripts(visit, china_document):
    page = visit(PHONE, java_script_enabled=False)
    text = page.inner_text("main")
    assert china_document["decisions"]["mode"]["shares"][0]["because"] in text
    assert page.locator("#dock").is_hidden()
    assert (
        json.loads(gzip.decompress(base64.b64decode(page.text_content("#explanation"))))["title"]
        == "sample:china"
    )


def test_the_sound_inside_begins_where_the_notes_do(visit, china):
    """The encoder's delay is taken away, by the browser or by the page; light follows the sound."""
    page = visit(DESKTOP)
    until(page, "document.getElementById('sound').readyState > 0")
    long, told = page.evaluate(
        "(a => [a.duration, +a.dataset.seconds])(document.getElementById('sound'))"
    )
    assert long == pytest.approx(told, abs=0.03)
    page.evaluate("player.seek(5)")
    until(page, "!document.getElementById('sound').seeking")
    assert page.evaluate("player.now()") == pytest.approx(5, abs=0.03)
    assert page.evaluate("midi.length") == pytest.approx(china.seconds, abs=0.5)


def test_a_phrase_is_played_again_and_slower(visit):
    page = visit(PHONE)
    for name in ("Loop phrase", "Half speed"):
        button = page.get_by_role("button", name=name)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.getElementById('sound').playbackRate") == 0.5
    assert page.evaluate("document.getElementById('sound').preservesPitch")


def silence(page, player, what="mute"):
    """Press a player's button, and wait until the new mix is what is heard."""
    before = page.evaluate("player.turns()")
    page.locator(f"#desk [data-player='{player}'] .{what}").press("Enter")
    until(page, f"player.turns() > {before}")


def test_players_are_silenced_and_heard_alone_by_keyboard(visit, china_document):
    page = visit(DESKTOP)
    page.locator("#players").press("Enter")
    assert page.locator("#desk").is_visible()
    page.evaluate("player.seek(6)")
    page.click("#play")
    silence(page, "melody")
    assert page.evaluate("player.playing()")
    assert page.evaluate("player.now()") > 6
    assert page.locator(".notes > .melody.silent").count() > 0
    silence(page, "bass", "solo")
    silent = page.locator("#desk .silent").evaluate_all("rows => rows.map(r => r.dataset.player)")
    assert silent == [one["part"] for one in china_document["parts"] if one["part"] != "bass"]
    page.get_by_role("button", name="Half speed").click()
    silence(page, "bass", "solo")
    assert page.evaluate("player.pace()") == 0.5
    silence(page, "melody")
    assert page.locator("#desk .silent").count() == 0
    assert page.evaluate("player.file().startsWith('data:audio/mpeg')")


def test_the_browser_mixes_players_in_step_with_the_sound(visit, china):
    """All of them, decoded and mixed by Chromium, are the mix that the page plays, to a sample."""
    page = visit(DESKTOP)
    found = page.evaluate("players.mixed(() => true).then(all => Array.from(all.slice(0, 480000)))")
    rendering = Rendering(china)
    mix = signal.resample_poly(rendering.sound.mean(axis=0), 80, 147)[:480000]
    both = signal.correlate(np.array(found), mix, method="fft")
    assert abs(int(both.argmax()) - (len(mix) - 1)) <= 2
    alike = np.corrcoef(found, mix)[0, 1]
    assert alike > 0.9


def test_the_score_is_lit_with_the_roll_and_asked_like_it(visit, china_document):
    page = visit(DESKTOP)
    places = (
        "side => ['.roll', '.written']"
        ".map(s => document.querySelector(s).getBoundingClientRect()[side])"
    )
    beside = page.evaluate(places, "left")
    assert beside[1] > beside[0] + 400
    head = page.locator(".sheets .note[data-note]").first
    number = int(head.get_attribute("data-note"))
    head.dispatch_event("click")
    assert china_document["notes"][number]["cause"]["label"] in page.inner_text("#sheet")
    assert page.locator(f".sheets .note[data-note='{number}'].lit").count() > 0
    page.click("#clear")
    page.evaluate("player.seek(5)")
    page.click("#play")
    page.wait_for_selector(".sheets .sounding", state="attached")
    same = page.evaluate(
        "() => [...document.querySelectorAll('.sheets .sounding')].every(h =>"
        " document.querySelector(`.notes [data-note='${h.dataset.note}']`).matches('.sounding'))"
    )
    assert same
    phone = visit(PHONE)
    tops = phone.evaluate(places, "top")
    assert tops[1] > tops[0]


def test_files_are_had_from_the_page(visit):
    page = visit(DESKTOP)
    for what, begins in (("sound", b""), ("engraving", b"<svg"), ("musicxml", b"<?xml")):
        with page.expect_download() as found:
            page.click(f"[data-saves={what}]")
        name, content = found.value.suggested_filename, found.value.path().read_bytes()
        assert name.startswith("sample-china.")
        assert content.startswith(begins)
        assert len(content) > 10_000


def test_it_prints_with_score_and_without_the_player(visit):
    page = visit(DESKTOP)
    page.emulate_media(media="print")
    assert page.locator("#dock").is_hidden()
    assert page.locator(".sheets > svg").count() > 1
    cut = page.locator(".sheets").evaluate("score => score.scrollHeight - score.clientHeight")
    assert cut <= 1
