// Decisions: what a form asks for is shown first, sent once, and followed until it is carried out.
"use strict";

const root = document.body.dataset.root;
const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

async function ask(path, body) {
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(root + path, {
      method: body ? "POST" : "GET",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 503 && tries < 10) {
      await wait(2);
      continue;
    }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.refused || "");
    return told;
  }
}

function tell(form, said, tone = "") {
  const place = form.querySelector(".result");
  place.className = `result ${tone}`;
  place.textContent = said;
  return place;
}

function sure(form, preview) {
  const dialog = document.getElementById("sure");
  dialog.querySelector(".counted").textContent = `${form.dataset.shown} ${preview.count}`;
  dialog.querySelector(".sample").replaceChildren(...preview.sample.map((row) => {
    const line = document.createElement("li");
    line.textContent = `${row.feed} ${row.load_id} ${row.row_number}: ${row.state}`;
    return line;
  }));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

async function carriedOut(form, order) {
  tell(form, form.dataset.running);
  const { run_id: run } = await ask("/decisions", order);
  for (;;) {
    await wait(1);
    const now = await ask(`/decisions/runs/${encodeURIComponent(run)}`);
    if (now.state === "failed") throw new Error(now.said);
    if (now.state === "success" && now.done) return now;
    tell(form, now.said);
  }
}

async function decide(form, kind) {
  const { reason, more } = form.elements;
  const order = { ...JSON.parse(form.dataset.decide), kind, reason: reason.value, more: more.value };
  if (order.selection) {
    const preview = await ask("/decisions/preview", { kind, selection: order.selection });
    if (!preview.count) throw new Error(form.dataset.none);
    if ((preview.count > 1 || !order.selection.row_number) && !(await sure(form, preview))) return;
    order.mark = preview.mark;
  }
  const now = await carriedOut(form, order);
  const place = tell(form, now.said, "good");
  if (now.done.decision_id) place.append(" ", undoing(form, now.done.decision_id));
}

function undoing(form, number) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${form.dataset.undo} (${number})`;
  button.addEventListener("click", () => once(form, async () => {
    const now = await carriedOut(form, { kind: "undo", decision_id: number, reason: "mistake", more: "" });
    tell(form, now.said, "good");
  }));
  return button;
}

async function once(form, action) {
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => { button.disabled = true; });
  try {
    await action();
  } catch (error) {
    tell(form, error instanceof TypeError || !error.message ? form.dataset.failed : error.message, "bad");
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

for (const form of document.querySelectorAll("form.decide")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const kind = event.submitter.value;
    once(form, () => decide(form, kind));
  });
}

document.getElementById("find")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  once(form, async () => {
    const rows = await ask("/quarantine/find", { key: form.elements.key.value });
    const place = tell(form, rows.length ? "" : form.dataset.none);
    place.append(...rows.map((row) => {
      const link = document.createElement("a");
      link.href = `${root}/quarantine/${encodeURIComponent(row.load_id)}/${row.row_number}`;
      link.textContent = `${row.feed} ${row.batch_date} ${row.row_number}: ${row.state} `;
      return link;
    }));
  });
});
