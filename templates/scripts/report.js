"use strict";
// Marks in the contents the section that is being read.
(() => {
  const contents = document.querySelector("nav details");
  if (contents && window.matchMedia("(max-width: 56rem)").matches) contents.open = false;

  const links = new Map(
    [...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]),
  );
  const sections = [...links.keys()]
    .map((id) => document.getElementById(id))
    .filter((section) => section !== null);
  const mark = () => {
    const line = window.innerHeight * 0.3;
    let current = sections[0];
    for (const section of sections) {
      if (section.getBoundingClientRect().top <= line) current = section;
    }
    for (const [id, link] of links) {
      if (current && id === current.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  mark();
})();
