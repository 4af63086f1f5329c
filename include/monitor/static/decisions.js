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

function sure(form, asked, preview) {
  const dialog = document.getElementById("sure");
  dialog.querySelector(".asked").textContent = asked;
  dialog.querySelector(".counted").textContent = `${form.dataset.shown} ${preview.count}`;
  const lines = (rows, said) => rows.map((row) => {
    const line = document.createElement("li");
    line.textContent = said(row);
    return line;
  });
  const place = (row) => (row.site ? `${row.site}/${row.source}` : row.source);
  dialog.querySelector(".groups").replaceChildren(...lines(preview.groups, (row) => `${place(row)} ${row.feed}, ${row.state}: ${row.rows}`));
  dialog.querySelector(".sample").replaceChildren(...lines(preview.sample, (row) => `${row.feed} ${row.load_id} ${row.row_number}: ${row.state}`));
  dialog.querySelector(".sharing").textContent = preview.sharing ? `${form.dataset.sharing} ${preview.sharing}` : "";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

async function carriedOut(form, order) {
  tell(form, form.dataset.running);
  const [dag, run] = await ask("/decisions", order);
  for (let tries = 0; tries < 150; tries += 1) {
    await wait(tries < 30 ? 1 : 5);
    const now = await ask(`/decisions/runs/${dag}/${encodeURIComponent(run)}`);
    if (now.done) return now;
    if (now.refused || now.ended) throw new Error(now.said);
    tell(form, now.said);
  }
  throw new Error(form.dataset.later);
}

async function decide(form, button) {
  tell(form, "");
  const kind = button.value;
  const said = (name) => form.elements[name]?.value ?? "";
  const order = { ...JSON.parse(form.dataset.decide), kind, reason: said("reason"), more: said("more") };
  if (order.selection) {
    const preview = await ask("/decisions/preview", { kind, selection: order.selection });
    if (!preview.count) throw new Error(form.dataset.none);
    if ((preview.count > 1 || preview.sharing || !order.selection.row_number) && !(await sure(form, button.textContent, preview))) return;
    order.mark = preview.mark;
  }
  const now = await carriedOut(form, order);
  const place = tell(form, now.said, "good");
  if (now.done.decision_id) place.append(" ", undoing(form, now.done.decision_id));
}

function undoing(form, number) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${form.dataset.undoThis} (${number})`;
  button.addEventListener("click", () => once(form, async () => {
    const now = await carriedOut(form, { kind: "undo", decision_id: number, reason: "mistake", more: "" });
    tell(form, now.said, "good");
  }));
  return button;
}

async function once(form, action) {
  const pressed = document.activeElement;
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => { button.disabled = true; });
  try {
    await action();
  } catch (error) {
    tell(form, error instanceof TypeError || !error.message ? form.dataset.failed : error.message, "bad");
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
    if (document.activeElement.matches("body, dialog *")) pressed.focus();
  }
}

for (const form of document.querySelectorAll("form.decide")) {
  form.elements.reason?.addEventListener("change", (event) => {
    form.elements.more.required = event.target.value === "other";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form, () => decide(form, event.submitter));
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
      link.textContent = `${row.feed} ${row.row_number}, ${row.said} `;
      return link;
    }));
  });
});
