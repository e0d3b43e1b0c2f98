/* Small courtesies on top of pages that work without any of them. */
(() => {
  "use strict";

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  function tellZone() {
    for (const field of document.querySelectorAll('input[type="hidden"][name="zone"]')) field.value = zone;
    for (const line of document.querySelectorAll("[data-here]")) {
      const language = document.documentElement.lang;
      const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      const place = zone.split("/").pop().replaceAll("_", " ");
      line.textContent = line.dataset.here.replace("{place}", place).replace("{hour}", hour.format());
      line.hidden = false;
    }
  }

  /* Nobody knows yet where somebody is who has not logged in; the browser does. */
  function guessZone() {
    const form = document.querySelector("form[data-guess-zone]");
    if (!form || new URLSearchParams(location.search).has("place")) return;
    const field = form.elements.namedItem("place");
    if (field.value === zone) return;
    field.value = zone;
    if (field.value === zone) form.submit();
    else form.reset();
  }

  /* A dialog that came as a part of a page covers it, and leaves nothing behind when it closes. */
  let opener = null;

  function showDialog(dialog) {
    dialog.removeAttribute("open");
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (opener && opener.isConnected) opener.focus();
      opener = null;
    });
    for (const form of dialog.querySelectorAll("form[data-draft]")) restoreDraft(form);
    dialog.showModal();
    const first = dialog.querySelector("[autofocus]") ?? dialog.querySelector('.dialog-body :is(input:not([type="hidden"]), textarea, select, a)');
    if (first && matchMedia("(pointer: fine)").matches) first.focus();
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const from = document.activeElement;
    if (event.detail.target.id === "dialog" && !from.closest("dialog")) opener = from;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.target.id === "dialog" && event.target.querySelector("dialog");
    if (dialog) showDialog(dialog);
    // What is said on the page cannot be seen below a dialog, whose draft is kept.
    if (event.target.id === "notice") document.querySelector("dialog:modal")?.close();
    keepToasts(document);
  });

  /* What is typed into a form with data-draft outlives Esc and a reload, in this tab, until it is
     saved. The attribute names the person: the next one at this browser must not find it. */
  const draftOf = (form) => `draft:${form.dataset.draft}:${form.getAttribute("action")}`;
  const isTyped = (field) => field.name && field.type !== "hidden" && field.type !== "submit";

  function keepDraft(form) {
    const fields = [...form.elements].filter(isTyped);
    const typed = fields.filter((field) => field.type !== "radio" || field.checked);
    sessionStorage.setItem(draftOf(form), JSON.stringify(typed.map((field) => [field.name, field.value])));
    sayKept(form);
  }

  function restoreDraft(form) {
    const kept = sessionStorage.getItem(draftOf(form));
    if (!kept || form.querySelector('[role="alert"]')) return;
    const met = {};
    for (const [name, value] of JSON.parse(kept)) {
      const fields = [...form.elements].filter((each) => isTyped(each) && each.name === name);
      const place = (met[name] = (met[name] ?? -1) + 1); // of rows, each has its own value
      for (const field of fields.filter((each) => each.type === "radio")) field.checked = field.value === value;
      if (fields[place] && fields[place].type !== "radio") fields[place].value = value;
    }
    form.dataset.restored = "";
    sayKept(form);
  }

  /* What is not on the server goes there, as soon as HTMX listens. */
  document.addEventListener("htmx:load", (event) => {
    for (const form of event.target.querySelectorAll("form[data-restored]")) {
      delete form.dataset.restored;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  function sayKept(form) {
    for (const note of form.querySelectorAll("[data-draft-kept]")) note.hidden = false;
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-draft]")) keepDraft(form);
  });

  document.addEventListener("draft-kept", (event) => {
    const form = event.target.closest("form");
    if (form) sessionStorage.removeItem(draftOf(form));
  });

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.detail.elt;
    const isSaved = event.detail.xhr.getResponseHeader("HX-Refresh") === "true";
    if (isSaved && form.matches("form[data-draft]")) sessionStorage.removeItem(draftOf(form));
  });

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const dialog = closer && closer.closest("dialog:modal");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  });

  if (!("command" in HTMLButtonElement.prototype)) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[commandfor]");
      const target = button && document.getElementById(button.getAttribute("commandfor"));
      if (!target) return;
      if (button.getAttribute("command") === "show-modal") target.showModal();
      else target.close();
    });
  }

  /* A toast stays eight seconds, and longer while somebody is at it. */
  function keepToasts(root) {
    for (const toast of root.querySelectorAll(".toasts .toast:not([data-stays], [data-kept])")) {
      toast.dataset.kept = "";
      const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
      setTimeout(leave, 8000);
    }
  }

  /* One press sends a form once. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.matches("[hx-post], [hx-get]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (form.matches("[data-draft]")) sessionStorage.removeItem(draftOf(form));
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });

  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
    }
  });

  /* How far away a session is, in the words the server would choose, anew each minute. */
  function distance(milliseconds) {
    const minutes = Math.floor(milliseconds / 60_000);
    const [count, unit] =
      minutes < 60 ? [minutes, "minute"] : minutes < 1440 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
  }

  function countDown() {
    const now = Date.now();
    for (const line of document.querySelectorAll("[data-starts]")) {
      const [starts, began, ends] = [line.dataset.starts, line.dataset.began, line.dataset.ends].map(Date.parse);
      const [words, apart] =
        now < starts ? [line.dataset.before, starts - now] : now < ends ? [line.dataset.during, now - began] : [line.dataset.after, now - ends];
      const said = now < starts && apart < 60_000 ? line.dataset.soon : words.replace("{distance}", distance(apart));
      if (line.textContent !== said) line.textContent = said;
    }
    setTimeout(countDown, 60_000 - (Date.now() % 60_000));
  }

  /* Parts with data-live are fetched anew when something happens to the session they name, or to
     any of the reader's. Of all visible tabs one listens, and tells the others; where it cannot,
     each looks by itself every half minute. What somebody types is never taken from below them. */
  const live = document.querySelector("[data-live]");
  const isTyping = () =>
    document.querySelector("dialog:modal") ||
    [...document.querySelectorAll("[data-live] :is(textarea, input:not([type=hidden], [type=checkbox]), select)")].some((field) =>
      field === document.activeElement || (field.matches("select") ? false : field.value !== field.defaultValue));
  let due = 0;

  function refresh() {
    clearTimeout(due);
    if (document.hidden) return;
    due = setTimeout(() => (isTyping() ? refresh() : htmx.trigger("[data-live]", "live")), isTyping() ? 3000 : 150);
  }

  function keepFocus(event) {
    const from = document.activeElement?.closest?.("[data-live] :is(a[href], button)");
    if (!from || event.detail.target !== document.querySelector("[data-live]")) return;
    const sign = from.matches("a") ? `a[href="${from.getAttribute("href")}"]` : null;
    const form = from.form && `form[action="${from.form.getAttribute("action")}"] button`;
    event.detail.target.parentElement.addEventListener(
      "htmx:afterSettle",
      () => document.querySelector(`[data-live] ${sign || form}`)?.focus({ preventScroll: true }),
      { once: true },
    );
  }

  function listen() {
    const channel = new BroadcastChannel("tutelage-live");
    const concerns = (subject) => {
      const named = document.querySelector("[data-live]")?.dataset.live;
      return !named || !subject || subject === named;
    };
    const hear = (subject) => concerns(subject) && refresh();
    channel.addEventListener("message", (event) => hear(event.data));
    let polling = 0;
    let leave = null;

    function lead(signal) {
      return new Promise((leave) => {
        const stream = new EventSource("/events");
        const tell = (subject) => {
          channel.postMessage(subject);
          hear(subject);
        };
        for (const type of live.dataset.liveEvents.split(" "))
          stream.addEventListener(type, (event) => tell(JSON.parse(event.data).subject));
        stream.addEventListener("refresh", () => tell(""));
        stream.addEventListener("open", () => (polling = clearInterval(polling) || 0));
        stream.addEventListener("error", () => (polling ||= setInterval(() => tell(""), 30_000)));
        signal.addEventListener("abort", () => {
          stream.close();
          polling = clearInterval(polling) || 0;
          leave();
        });
      });
    }

    function begin() {
      leave = new AbortController();
      const { signal } = leave;
      if (!navigator.locks) return (polling ||= setInterval(refresh, 30_000));
      return navigator.locks.request("tutelage-live", { signal }, () => lead(signal)).catch(() => {});
    }

    document.addEventListener("visibilitychange", () => {
      leave?.abort();
      polling = clearInterval(polling) || 0;
      if (document.hidden) return;
      refresh();
      begin();
    });
    window.addEventListener("pagehide", () => leave?.abort());
    if (!document.hidden) begin();
  }

  countDown();
  if (live) {
    document.addEventListener("htmx:beforeSwap", keepFocus);
    listen();
  }
  for (const form of document.querySelectorAll("main form[data-draft]")) restoreDraft(form);
  tellZone();
  guessZone();
  keepToasts(document);
})();
