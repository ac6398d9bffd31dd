"use strict";
// Suggestions below an input, by keyboard too (ARIA combobox). htmx fetches them; without scripts the form works all the same.
(function () {
  const options = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const choices = (input) => [...options(input).querySelectorAll("[role=option][data-value]")];

  document.querySelectorAll("input[data-suggest]").forEach((input) => {
    const list = options(input);
    new MutationObserver(() => show(input, document.activeElement === input && list.children.length > 0)).observe(list, { childList: true });
    input.addEventListener("keydown", (event) => key(input, event));
    input.addEventListener("blur", () => setTimeout(() => show(input, false), 150));
    input.addEventListener("focus", () => show(input, list.children.length > 0 && input.value !== ""));
    input.addEventListener("input", () => { if (input.value === "") { list.replaceChildren(); } });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[data-value]");
      if (option) choose(input, option);
    });
  });

  function show(input, open) {
    options(input).hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    mark(input, null);
  }

  function mark(input, option) {
    choices(input).forEach((o) => o.setAttribute("aria-selected", String(o === option)));
    if (option) input.setAttribute("aria-activedescendant", option.id); else input.removeAttribute("aria-activedescendant");
  }

  function key(input, event) {
    if (event.isComposing) return; // the keys are the input method's
    const all = choices(input), at = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && !options(input).hidden) { event.preventDefault(); return show(input, false); }
    if (event.key === "Enter" && at >= 0 && !options(input).hidden) { event.preventDefault(); return choose(input, all[at]); }
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move || !all.length) return;
    event.preventDefault();
    if (options(input).hidden) show(input, true);
    mark(input, all[at < 0 ? (move > 0 ? 0 : all.length - 1) : (at + move + all.length) % all.length]);
  }

  function choose(input, option) {
    if (input.dataset.suggest === "opens") { location.assign(option.dataset.href); return; }
    const before = input.dataset.suggest === "several" ? input.value.replace(/[^、，,；;]*$/, "") : "";
    input.value = before + option.dataset.value;
    options(input).replaceChildren();
    show(input, false);
  }
})();
