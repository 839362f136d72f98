"use strict";
// The page is complete without this: it opens jobs beside their pushes, listens to keys, and keeps pushes up to date.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const main = find("main.pushes");
  const panel = find("#panel");
  const list = find("#list");
  const help = find("#help");
  const jobLinks = ".m a";
  const failedLinks = ".m .b, .m .f, .m .x";

  // MARK: Times

  // The server tells times in UTC; the title says them as the reader's clock does.
  const dress = (root) => {
    for (const time of root.querySelectorAll("time")) {
      time.title = new Date(time.dateTime).toLocaleString() + " on your clock";
    }
  };
  dress(document);

  // MARK: Help

  const openHelp = () => { if (!help.open) help.showModal(); };
  find("#help-link").addEventListener("click", (event) => {
    event.preventDefault();
    openHelp();
  });
  help.addEventListener("click", (event) => {
    if (event.target === help || event.target.closest("[data-close]")) {
      event.preventDefault();
      help.close();
    }
  });

  // MARK: Filters

  const form = find("form.filters");
  const filter = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) query.append(name, value.trim());
    location.assign(form.getAttribute("action") + (query.size ? "?" + query : ""));
  };
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      filter();
    });
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, [type=checkbox]")) filter();
    });
  }

  // MARK: The panel

  let current = null;  // the address of the job that is open
  let asked = null;  // the request for it

  const linkOf = (address) => {
    for (const link of list.querySelectorAll(jobLinks)) if (link.getAttribute("href") === address) return link;
    return null;
  };
  const mark = (address) => {
    for (const link of list.querySelectorAll(jobLinks + "[aria-current]")) link.removeAttribute("aria-current");
    const link = address && linkOf(address);
    if (link) link.setAttribute("aria-current", "true");
    return link;
  };
  const remember = () => {
    const url = new URL(location);
    if (current) url.searchParams.set("job", current.slice(current.lastIndexOf("/") + 1));
    else url.searchParams.delete("job");
    history.replaceState(null, "", url);
  };
  const fetchText = async (address, signal) => {
    const separator = address.includes("?") ? "&" : "?";
    // The browser asks whether what it has is still right.
    const answer = await fetch(address.includes("fragment=1") ? address : address + separator + "fragment=1", { signal, cache: "no-cache" });
    if (!answer.ok) throw new Error("status " + answer.status);
    return answer.text();
  };
  const show = async (address, isAgain = false) => {
    asked?.abort();
    asked = new AbortController();
    const signal = asked.signal;
    try {
      const html = await fetchText(address, signal);
      if (signal.aborted) return;
      const place = isAgain ? panel.scrollTop : 0;
      const hadFocus = isAgain && panel.contains(document.activeElement) && document.activeElement.getAttribute("href");
      panel.innerHTML = html;
      dress(panel);
      panel.hidden = false;
      main.classList.add("with-panel");
      panel.scrollTop = place;
      if (hadFocus) [...panel.querySelectorAll("a")].find((link) => link.getAttribute("href") === hadFocus)?.focus({ preventScroll: true });
    } catch (error) {
      if (signal.aborted || isAgain) return;
      location.assign(address);
    }
  };
  const open = async (address, movesFocus = false) => {
    current = address;
    const link = mark(address);
    if (link) {
      link.focus({ preventScroll: true });
      link.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
    remember();
    await show(address);
    if (current !== address) return;
    mark(address)?.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (movesFocus) panel.focus({ preventScroll: true });
  };
  const close = () => {
    if (!panel || panel.hidden) return;
    asked?.abort();
    const link = current && linkOf(current);
    current = null;
    mark(null);
    panel.hidden = true;
    panel.replaceChildren();
    main.classList.remove("with-panel");
    remember();
    link?.focus({ preventScroll: true });
  };

  if (main) {
    const shown = find(".job", panel);
    if (shown) {
      current = shown.dataset.address;
      mark(current)?.scrollIntoView({ block: "center", behavior: "instant" });
    }
    document.addEventListener("click", (event) => {
      if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target.closest(".m a, #panel .strip a, #panel [data-close]");
      if (!link) return;
      event.preventDefault();
      if (link.hasAttribute("data-close")) close();
      // A click that no pointer made came from the keyboard: there the panel is where one wants to be.
      else open(link.getAttribute("href"), event.detail === 0);
    });
  }

  // MARK: Keys

  const step = (selector, direction) => {
    const links = [...list.querySelectorAll(selector)].filter((link) => !link.closest("details:not([open])"));
    if (!links.length) return;
    const from = current && linkOf(current);
    let index = direction > 0 ? 0 : links.length - 1;
    if (from) {
      const after = links.findIndex((link) => from.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
      const next = after < 0 ? links.length : after;
      index = direction > 0 ? next : next - 1 - (links[next - 1] === from ? 1 : 0);
      if (index < 0 || index >= links.length) return;
    }
    open(links[index].getAttribute("href"));
  };
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || help.open) return;
    const target = event.target;
    if (target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    const search = find(".search input");
    switch (event.key) {
      case "?": openHelp(); break;
      case "/":
        if (!search) return;
        search.focus();
        search.select();
        break;
      case "Escape": close(); break;
      case "j": if (main) step(jobLinks, 1); break;
      case "k": if (main) step(jobLinks, -1); break;
      case "n": if (main) step(failedLinks, 1); break;
      case "p": if (main) step(failedLinks, -1); break;
      case "l": find("[data-log]")?.click(); break;
      default: return;
    }
    event.preventDefault();
  });

  // MARK: Live

  if (!main || !window.EventSource) return;
  const light = find("#live");
  const state = (name, text) => {
    if (light.textContent !== text) light.textContent = text;
    light.dataset.state = name;
  };

  // Changes the list and leaves what the reader looks at where it is.
  const keepingPlace = (change) => {
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const unfolded = new Set();
    for (const fold of list.querySelectorAll("details[open]")) unfolded.add(foldKey(fold));
    const looks = new Map();
    for (const link of list.querySelectorAll(jobLinks)) looks.set(link.getAttribute("href"), link.className);
    const anchor = anchorOf();
    change();
    for (const fold of list.querySelectorAll("details")) if (unfolded.has(foldKey(fold))) fold.open = true;
    const changed = [];
    for (const link of list.querySelectorAll(jobLinks)) {
      if (looks.get(link.getAttribute("href")) !== link.className) changed.push(link);
    }
    // A whole page that changes would only flicker.
    if (changed.length < 200) for (const link of changed) link.classList.add("new");
    if (current) mark(current);
    if (focused) {
      for (const link of list.querySelectorAll("a")) {
        if (link.getAttribute("href") === focused) {
          link.focus({ preventScroll: true });
          break;
        }
      }
    }
    const element = anchor && anchor.find();
    if (element) scrollBy({ top: element.getBoundingClientRect().top - anchor.top, behavior: "instant" });
  };
  const foldKey = (fold) => {
    const push = fold.closest(".push")?.dataset.push;
    const first = find("a", fold);
    return first ? push + first.getAttribute("href") : push + (find("summary", fold)?.textContent ?? "");
  };
  // What stands at the top of the window: the open job, else a platform's row, else a push.
  const anchorOf = () => {
    const isSeen = (box) => box.bottom > 0 && box.top < innerHeight;
    const link = current && linkOf(current);
    if (link && isSeen(link.getBoundingClientRect())) {
      const address = current;
      return { top: link.getBoundingClientRect().top, find: () => linkOf(address) };
    }
    for (const push of list.querySelectorAll(".push")) {
      const box = push.getBoundingClientRect();
      if (!isSeen(box)) continue;
      const pushNow = () => document.getElementById(push.id);
      if (box.top >= 0) {
        // At the very top of the page, what is new may push everything down.
        return scrollY < 40 ? null : { top: box.top, find: pushNow };
      }
      for (const row of push.querySelectorAll(".m tr")) {
        const rowBox = row.getBoundingClientRect();
        if (rowBox.bottom <= 0) continue;
        const name = find("th", row).textContent;
        return {
          top: rowBox.top,
          find: () => [...(pushNow()?.querySelectorAll(".m tr") ?? [])].find((other) => find("th", other).textContent === name),
        };
      }
      return { top: box.top, find: pushNow };
    }
    return null;
  };
  const parsed = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    dress(template.content);
    return template.content;
  };

  const stale = new Set();  // pushes that changed since they were asked for
  let isListStale = false;
  let isPanelStale = false;
  let isBusy = false;
  const pause = 250;  // milliseconds between two rounds, however much changes

  const mostPushes = 30;  // what a page grows to before the last push leaves it for the first

  // A push that is new here has to have its true height at once, or it would move everything when it gets it.
  const settle = (push) => {
    push.classList.add("settling");
    requestAnimationFrame(() => requestAnimationFrame(() => push.classList.remove("settling")));
    return push;
  };
  const refreshList = async () => {
    const frame = find(".list", list);
    const fresh = find(".list", parsed(await fetchText(frame.dataset.list)));
    if (!fresh) return;
    const old = new Map([...frame.querySelectorAll(".push")].map((push) => [push.id, push]));
    const news = [...fresh.querySelectorAll(".push")];
    if (news.length === old.size && news.every((push) => old.get(push.id)?.dataset.version === push.dataset.version)) return;
    keepingPlace(() => {
      const pages = find(".pages", frame);
      find(".empty", frame)?.remove();
      let last = null;
      for (const push of news) {
        const own = old.get(push.id);
        old.delete(push.id);
        let shown = own;
        if (own?.dataset.version !== push.dataset.version) {
          shown = settle(push);
          own?.replaceWith(push);
        }
        const place = last ? last.nextElementSibling : frame.firstElementChild;
        if (place !== shown) frame.insertBefore(shown, place);
        last = shown;
      }
      // Those that are older than the page's stay while there is room: somebody may be reading them.
      const rest = [...old.values()];
      for (const push of rest.splice(Math.max(0, mostPushes - news.length))) push.remove();
      if (!rest.length && pages) pages.replaceWith(find(".pages", fresh));
    });
  };
  const refreshPush = async (push) => {
    const old = document.getElementById("push-" + push);
    if (!old) return;
    const query = find(".list", list).dataset.pushQuery;
    const fresh = find(".push", parsed(await fetchText(old.dataset.address + query)));
    const now = document.getElementById("push-" + push);
    if (fresh && now && fresh.dataset.version !== now.dataset.version) keepingPlace(() => now.replaceWith(settle(fresh)));
  };
  const refresh = async () => {
    if (isBusy || document.hidden) return;
    isBusy = true;
    try {
      while ((isListStale || stale.size || isPanelStale) && !document.hidden) {
        if (isListStale) {
          isListStale = false;
          stale.clear();
          await refreshList();
        }
        const pushes = [...stale];
        stale.clear();
        for (const push of pushes) await refreshPush(push);
        if (isPanelStale) {
          isPanelStale = false;
          if (current) await show(current, true);
        }
        await new Promise((done) => setTimeout(done, pause));
      }
    } catch (error) {
      // The server is away: all of it is asked for again when it is back.
      isListStale = true;
    } finally {
      isBusy = false;
    }
  };
  document.addEventListener("visibilitychange", refresh);

  // An event names the pushes or the jobs that changed: {"push": 1}, {"pushes": [1, 2]}, {"jobs": [3, 4]}.
  const onChanged = (event) => {
    let what = {};
    try { what = JSON.parse(event.data) ?? {}; } catch { /* Anything may have changed. */ }
    const pushes = [].concat(what.pushes ?? [], what.push ?? []).map(String);
    const jobs = [].concat(what.jobs ?? [], what.job ?? []).map(String);
    const isFirst = find(".list", list).hasAttribute("data-first");
    if (!pushes.length && !jobs.length) isListStale = true;
    for (const push of pushes) {
      if (document.getElementById("push-" + push)) stale.add(push);
      // One that is not here may be new.
      else if (isFirst) isListStale = true;
    }
    const jobBase = location.pathname.split("/").slice(0, 3).join("/") + "/job/";
    for (const job of jobs) {
      const push = linkOf(jobBase + job)?.closest(".push")?.dataset.push;
      if (push) stale.add(push);
      else isListStale = true;
    }
    if (current) isPanelStale = true;
    refresh();
  };

  let patience = 1000;
  let wasLive = false;
  const connect = () => {
    const source = new EventSource(main.dataset.events);
    source.onopen = () => {
      patience = 1000;
      wasLive = true;
      state("on", "Live");
      // What changed since the page was made, or while nobody was listening.
      isListStale = true;
      isPanelStale = current !== null;
      refresh();
    };
    source.onmessage = onChanged;
    source.addEventListener("changed", onChanged);
    source.onerror = () => {
      // A server that tells no changes is no trouble.
      if (wasLive) state("off", "Not live, trying again");
      // The browser tries again by itself, but not after an answer that is an error.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, patience);
      patience = Math.min(patience * 2, 60000);
    };
  };
  connect();
})();
