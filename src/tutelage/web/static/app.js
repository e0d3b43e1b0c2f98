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

  /* A dialog that came as a part of a page covers it, and leaves nothing behind when it closes. */
  function showDialog(dialog) {
    dialog.removeAttribute("open");
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.target.id === "dialog" && event.target.querySelector("dialog");
    if (dialog) showDialog(dialog);
    keepToasts(document);
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
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });

  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
    }
  });

  tellZone();
  keepToasts(document);
})();
