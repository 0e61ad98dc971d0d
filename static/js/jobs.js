// Keeps a job's page up to date. It asks the API, which does not count as use of the session; the page itself is loaded
// anew when the job's state changes, so that all its words come from there.

const EVERY_MS = 2000;
const MINUTE = 60;

function write(template, values) {
  return template.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

function sayLeft(seconds, words) {
  if (seconds === null) {
    return "";
  }
  const count = Math.ceil(seconds / MINUTE);
  if (seconds < MINUTE) {
    return words.soon;
  }
  return count === 1 ? words.one : write(words.many, { count });
}

function show(place, job) {
  const words = place.dataset;
  const number = new Intl.NumberFormat("es-MX");
  if (job.total) {
    const part = Math.min(Math.floor((100 * job.done) / job.total), 100);
    const given = { done: number.format(job.done), total: number.format(job.total) };
    place.querySelector("#job-progress").textContent = write(words.progress, given);
    place.querySelector("[role=progressbar]").setAttribute("aria-valuenow", part);
    place.querySelector(".meter__fill").setAttribute("width", part);
  }
  const left = sayLeft(job.seconds_left, words);
  const said = place.querySelector("#job-left");
  if (said.textContent !== left) {
    said.textContent = left;
  }
}

async function follow(place) {
  try {
    const answer = await fetch(place.dataset.job, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const job = await answer.json();
      if (job.state !== place.dataset.state) {
        location.reload();
        return;
      }
      show(place, job);
    } else if (answer.status < 500 && answer.status !== 429) {
      return; // signed out, or no longer allowed: the page says so when it is loaded anew
    }
  } catch {
    // no connection: the banner says so, and the next time may have one
  }
  setTimeout(() => follow(place), EVERY_MS);
}

for (const place of document.querySelectorAll("[data-job]")) {
  setTimeout(() => follow(place), EVERY_MS);
}
