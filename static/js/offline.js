// Says when the browser has lost its connection, and since when the data on the page may be old.

export function start() {
  const banner = document.getElementById("offline");
  addEventListener("offline", () => {
    const since = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    banner.textContent = `${banner.dataset.text} (${since}).`;
  });
  addEventListener("online", () => {
    banner.textContent = "";
  });
}
