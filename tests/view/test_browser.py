"""The page in real headless Chromium: play, step, reset, sliders, scenarios, the table, and a monkey.

Needs the `playwright` package, and a Chromium of the system (Debian: `apt-get install chromium`), skipped without it.
VIEW_MONKEY=600 lets the monkey click for ten minutes (seconds); VIEW_MONKEY_SEED is another monkey, VIEW_SCALE=1 the
real scale.
"""

import csv
import os
import random
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from conftest import needed
from sim.market import Market
from sim.registry.configuration import configure
from sim.world.draws import replicate_seed

with suppress(ImportError):
    from playwright import sync_api

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NONE = "no Chromium here (Debian: apt-get install chromium)"
pytestmark = [pytest.mark.long, pytest.mark.skipif(CHROMIUM is None, reason=NONE)]

TINY = (f"scale={os.environ.get('VIEW_SCALE', 0.05)}", "nights=60", "warmup=25")
WAIT = 60  # seconds, on a busy machine
MONKEY = float(os.environ.get("VIEW_MONKEY", 5))
MONKEY_SEED = int(os.environ.get("VIEW_MONKEY_SEED", 1))
ODD = ("", "-1", "0", "0.5", "1", "7", "1e9", "999999999999999999999", "40")


@pytest.fixture(scope="module")
def url():
    """A server of its own."""
    words = ["--no-browser", "--port", "0", "--scenario", "dossier", "--seed", "3", *TINY]
    process = subprocess.Popen([sys.executable, "-m", "sim", "view", *words], stdout=subprocess.PIPE, text=True)
    yield re.search(r"http://\S+/", process.stdout.readline()).group()
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def browser():
    needed("playwright")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, url):
    """A page after its warm-up; no fault may appear on its console, no request may go elsewhere."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    page, faults = context.new_page(), []
    page.on("console", lambda message: message.type in ("error", "warning") and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: request.url.startswith((url, "data:", "blob:")) or faults.append(request.url))
    page.goto(url)
    until(page, -1)
    yield page
    # a refused value is answered with 400, which the browser notes by itself
    assert [fault for fault in faults if "status of 400" not in fault] == []
    context.close()


def night(page):
    shown = page.evaluate("document.body.dataset.night")
    return -10_000 if shown in (None, "none") else int(shown)


def until(page, wanted):
    """Wait for a night; the page's own rules forbid evaluating texts, so no wait_for_function."""
    end = time.time() + WAIT
    while night(page) != wanted:
        assert time.time() < end, f"night {night(page)}, not {wanted}"
        page.wait_for_timeout(20)


def settled(page, work):
    """Do something that begins anew, and wait for the end of its warm-up."""
    with page.expect_response(lambda answer: answer.url.endswith("/begin"), timeout=1000 * WAIT):
        work()
    page.wait_for_timeout(50)
    until(page, -1)


def value_of(page, outcome, side):
    """What the page shows of an outcome by its number."""
    shown = page.locator(f"#values-{outcome} .side-{side}").inner_text()
    return float(re.sub(r"[^0-9.]", "", shown.removeprefix(side)))


def test_step_and_play_show_the_market(page):
    page.click("#step")
    until(page, 0)
    page.click("#week")
    until(page, 7)
    page.select_option("#pace", "1000")
    page.click("#play")
    while night(page) < 12:
        page.wait_for_timeout(10)
    page.click("#play")
    assert page.locator("#play").inner_text() == "Play"
    page.wait_for_timeout(500)
    stopped = night(page)
    page.wait_for_timeout(300)
    assert night(page) == stopped
    market = Market(configure("dossier", list(TINY)), replicate_seed(3, 0))
    for _ in range(25 + stopped + 1):
        market.step()
    assert value_of(page, 0, "A") == pytest.approx(market.record().run["outlay_per_arrival"], abs=0.51)
    assert f"{market.world.counts['attempts']} attempts" in page.locator("#tonight-0").inner_text()


def test_it_stops_at_the_end_and_reset_begins_anew(page):
    page.select_option("#pace", "1000")
    page.click("#play")
    until(page, 59)
    page.wait_for_timeout(300)
    assert page.locator("#play").is_disabled() and "(end)" in page.locator("#when").inner_text()
    settled(page, lambda: page.click("#reset"))
    assert page.locator("#values-0").inner_text() == "" and page.locator("#play").is_enabled()


def test_a_slider_begins_anew_on_its_side_only(page):
    page.click("#step")
    page.check("input[name=target][value='1']")
    settled(page, lambda: page.locator("[id='key-police.patrols']").press("ArrowRight"))
    assert "A 80, B 8" in page.locator("[id='key-police.patrols-sides']").inner_text()
    commands = page.locator("#commands code").all_text_contents()
    assert "police.patrols" not in commands[0] and "police.patrols=8" in commands[1]
    settled(page, lambda: page.locator("[id='key-organisation.levers.internal_peace']").check())
    settled(page, lambda: page.click("#clear"))
    assert page.locator(".changed").count() == 0


def test_a_bad_value_is_named_beside_its_slider(page):
    page.click("#week")
    until(page, 6)
    field = page.locator("[id='key-police.pushback_share-field']")
    field.fill("3")
    with page.expect_response(lambda answer: answer.url.endswith("/begin")):
        field.press("Enter")
    refusal = page.locator("[id='key-police.pushback_share-refusal']")
    sync_api.expect(refusal).to_contain_text("a number from 0 to 1")
    assert field.get_attribute("aria-invalid") == "true" and night(page) == 6
    field.fill("0.5")
    settled(page, lambda: field.press("Enter"))
    assert refusal.inner_text() == "" and field.get_attribute("aria-invalid") is None


def test_a_measure_is_added_changed_and_removed(page):
    def field(name):
        return page.locator(f"[id='key-police.calendar-{name}']")

    def presence():
        words = re.compile("^police ")
        return [page.locator(f"#map-{side} text", has_text=words).all_text_contents() for side in (0, 1)]

    page.check("input[name=target][value='1']")
    field("add").click()
    field("kind").select_option("visas")
    assert field("nationality").is_visible() and not field("until").is_visible()
    field("kind").select_option("presence")
    assert not field("nationality").is_visible()
    field("strength").fill("-2")
    with page.expect_response(lambda answer: answer.url.endswith("/begin")):
        field("strength").press("Enter")
    sync_api.expect(field("refusal")).to_contain_text("must be a number from 0 to 100")
    assert field("strength").input_value() == "-2" and night(page) == -1  # what was typed can be mended
    field("strength").fill("0.5")
    page.get_by_label("rs_ba").uncheck()
    settled(page, lambda: page.locator("form.measure button.strong").click())
    assert field("refusal").inner_text() == "" and page.locator("form.measure").count() == 0
    assert all(words in field("list").inner_text() for words in ("presence", "strength 0.5", "rs_hu, rs_ro"))
    page.click("#week")
    until(page, 6)
    assert presence()[0] == ["police 0.00"] * 3
    assert [words == "police 0.00" for words in presence()[1]] == [False, True, False]
    page.get_by_label("Change measure 1").click()
    field("lasts").select_option("nights")
    field("nights").fill("3")
    settled(page, lambda: page.locator("form.measure button.strong").click())
    assert "3 nights" in field("list").inner_text()
    assert [("nights:3" in words) for words in page.locator("#commands code").all_text_contents()] == [False, True]
    settled(page, lambda: page.get_by_label("Remove measure 1").click())
    assert "no measure" in field("list").inner_text()


@pytest.mark.parametrize("width", [1400, 420])
def test_nothing_runs_over_the_edge(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.click("[id='key-police.calendar-add']")
    page.click("#step")
    until(page, 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_turf_of_groups_and_the_legend_have_colours_of_their_own(page):
    fills = page.evaluate("[...document.querySelectorAll('#map-1 rect[fill]')].map((band) => band.getAttribute('fill'))")
    assert all(re.fullmatch("#[0-9a-f]{6}", fill) for fill in fills) and len(set(fills)) >= 10  # ten groups and more
    legend = page.evaluate("[...document.querySelectorAll('#legend rect[fill]')].map((one) => one.getAttribute('fill'))")
    assert legend and all(re.fullmatch("#[0-9a-fA-F]{6}", fill) for fill in legend)


def test_scenarios_seed_and_warm_up(page):
    assert page.locator("#maps figure").count() == 2
    assert "contested" in page.locator("#maps .mark").first.inner_text()
    settled(page, lambda: page.select_option("#scenario-0", "centralised"))
    assert page.locator("#maps .mark").first.inner_text() == "theory limit"
    settled(page, lambda: page.select_option("#scenario-1", ""))
    assert page.locator("#maps figure").count() == 1
    settled(page, lambda: page.select_option("#scenario-1", "truce"))
    page.fill("#seed", "11")
    settled(page, lambda: page.press("#seed", "Enter"))
    assert all("seed=11" in words for words in page.locator("#commands code").all_text_contents())
    page.uncheck("#warmup")
    page.wait_for_timeout(600)
    page.click("#step")
    until(page, 0)


def test_the_table_can_be_taken_home(page, tmp_path):
    page.click("#week")
    until(page, 6)
    with page.expect_download() as taken:
        page.click("#download")
    taken.value.save_as(tmp_path / "nights.csv")
    with open(tmp_path / "nights.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["night"] for row in rows if row["side"] == "B"] == [str(k) for k in range(7)]
    assert taken.value.suggested_filename == "nights-dossier-fragmented-seed3.csv"


def test_everything_has_a_name_and_can_be_reached(page):
    unnamed = page.evaluate("""() => [...document.querySelectorAll('input, select, button, a')].filter((node) =>
        !(node.labels && node.labels.length) && !node.getAttribute('aria-label') && !node.textContent.trim())
        .map((node) => node.outerHTML)""")
    assert unnamed == []
    page.locator("#play").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # step a night
    until(page, 0)
    page.click("#tables summary")
    sync_api.expect(page.locator("#rows table")).to_have_count(10)


@pytest.mark.timeout(MONKEY + 300)
def test_a_monkey_breaks_nothing(page, capsys):
    """Random clicks, keys and values for some seconds: no exception, no error, and the page still works."""
    luck, done, end = random.Random(MONKEY_SEED), 0, time.time() + MONKEY
    boxes = page.locator("button, select, input, summary, #down")
    count = boxes.count()
    while time.time() < end:
        box = boxes.nth(luck.randrange(count))
        if box.is_visible() and box.is_enabled():
            poke(page, box, luck)
            done += 1
        if luck.random() < 0.3:
            page.wait_for_timeout(luck.choice((10, 50, 300)))
    with capsys.disabled():
        print(f" [monkey {MONKEY_SEED}: {done} actions in {MONKEY:.0f} s]", end="")
    assert done >= MONKEY / 2
    page.check("#warmup")
    page.click("#clear")
    page.wait_for_timeout(1000)
    settled(page, lambda: page.click("#reset"))  # begins anew and no longer plays
    page.click("#step")
    until(page, 0)


def poke(page, box, luck) -> None:
    """One thing a hand might do."""
    kind = box.evaluate("node => node.type || node.tagName")
    try:
        if kind == "select-one":
            options = box.locator("option").evaluate_all("all => all.map((one) => one.value)")
            box.select_option(luck.choice(options), timeout=2000)
        elif kind == "number":
            box.fill(luck.choice(ODD), timeout=2000)
            box.press("Enter", timeout=2000)
        elif kind == "range":
            box.press(luck.choice(("ArrowRight", "ArrowLeft", "Home", "End", "PageUp")), timeout=2000)
        else:
            box.click(timeout=2000)
    except sync_api.TimeoutError:  # it was disabled meanwhile
        pass
