// The number on the bell, asked again once a minute while the page is looked at. Without this
// script the number is right on each page.
(() => {
  const bell = document.querySelector("[data-count]");
  if (!bell) return;
  const box = bell.querySelector("[data-unread]");
  const number = bell.querySelector("[data-number]");
  const every = 60_000;
  const soonest = 30_000;
  let asked = Date.now();
  let timer = 0;
  const ask = async () => {
    clearInterval(timer);
    asked = Date.now();
    try {
      const answer = await fetch(bell.dataset.count, { redirect: "manual" });
      if (answer.status !== 200) return; // the session is over: nothing more is asked
      const { unread } = await answer.json();
      number.textContent = unread;
      box.hidden = unread === 0;
    } catch {
      // no network: the next time
    }
    look();
  };
  const look = () => {
    clearInterval(timer);
    if (document.visibilityState === "visible") timer = setInterval(ask, every);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - asked >= soonest) ask();
    else look();
  });
  look();
})();
