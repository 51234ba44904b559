"use strict";
/* The engraved score: its pages in their place, its notes among those that are lit, and turned to
   what sounds. */
const score = {
  async open(rects) {
    const text = await held.text("engraving"), box = document.getElementById("score");
    if (!text) return;
    const whole = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    document.head.append(document.importNode(whole.querySelector("style"), true));
    const pages = [...whole.children].filter(child => child.localName === "svg");
    pages.forEach((page, number) => {
      page.removeAttribute("y");
      page.setAttribute("viewBox", `0 0 ${parseFloat(page.getAttribute("width"))} ${parseFloat(page.getAttribute("height"))}`);
      page.setAttribute("role", "img");
      page.setAttribute("aria-label", `The score, page ${number + 1} of ${pages.length}`);
      box.append(document.importNode(page, true));
    });
    const byName = new Map([...box.querySelectorAll("g.note")].map(head => [head.id, head]));
    JSON.parse(await held.text("heads")).forEach((names, number) => names.forEach(name => {
      const head = byName.get(name);
      if (!head) return;
      head.dataset.note = number;
      rects.get(number).push(head);
    }));
    box.parentElement.hidden = false;
    score.box = box;
  },
  /* The system of the first of these that is written comes to the top. */
  turn(elements, calm) {
    if (!score.box) return;
    const head = elements.find(element => score.box.contains(element)), system = head && head.closest("g.system");
    if (!system || system === score.last) return;
    score.last = system;
    const top = system.getBoundingClientRect().top - score.box.getBoundingClientRect().top + score.box.scrollTop - 12;
    score.box.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  },
};
