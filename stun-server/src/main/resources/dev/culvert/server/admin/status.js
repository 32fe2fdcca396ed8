const byId = id => document.getElementById(id);
const sleep = millis => new Promise(resolve => setTimeout(resolve, millis));

/** Lives as long as the page and is stored nowhere. */
let token = '';

/** An answer that says why something was not done. */
class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function ask(method, path, body) {
  const headers = token ? {Authorization: 'Bearer ' + token} : {};
  if (method === 'POST' || method === 'PUT') {
    headers['Content-Type'] = 'application/json';
  }
  const answer = await fetch('/api/v1' + path,
      {method, headers, body: body && JSON.stringify(body), credentials: 'same-origin', cache: 'no-store'})
      .catch(() => { throw new Refusal(0, '', 'The server does not answer.'); });
  if (answer.status === 401) {
    await askForToken(token ? 'That is not the token.' : '');
    return ask(method, path, body);
  }
  if (!answer.ok) {
    const error = (await answer.json().catch(() => ({}))).error || {};
    throw new Refusal(answer.status, error.code || '', error.message || 'status ' + answer.status);
  }
  return answer;
}

const askJson = async (method, path, body) => (await ask(method, path, body)).json();

/** Asked for by many at once, it is asked for once. */
let tokenAsked = null;

function askForToken(wrong) {
  tokenAsked ||= new Promise(resolve => {
    const dialog = byId('token-dialog');
    byId('token-wrong').textContent = wrong;
    byId('token').value = '';
    byId('token-form').onsubmit = event => {
      event.preventDefault();
      token = byId('token').value.trim();
      tokenAsked = null;
      dialog.close();
      resolve();
    };
    dialog.oncancel = event => event.preventDefault();
    if (!dialog.open) {
      dialog.showModal();
    }
  });
  return tokenAsked;
}

function confirmed(title, text, yes) {
  return new Promise(resolve => {
    const dialog = byId('confirm-dialog');
    byId('confirm-title').textContent = title;
    byId('confirm-text').textContent = text;
    byId('confirm-yes').textContent = yes;
    let answer = false;
    byId('confirm-yes').onclick = () => { answer = true; dialog.close(); };
    byId('confirm-no').onclick = () => dialog.close();
    dialog.onclose = () => resolve(answer);
    dialog.showModal();
  });
}

let noticeTimer;

function notice(text) {
  const shown = byId('notice');
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { shown.hidden = true; }, 6000);
}

async function* events() {
  const answer = await ask('GET', '/events');
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) {
      return;
    }
    text += value;
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      if (text.startsWith('data: ')) {
        yield JSON.parse(text.slice('data: '.length, end));
      }
    }
  }
}

async function watch() {
  for (;;) {
    try {
      for await (const summary of events()) {
        showSummary(summary);
      }
      showLost('The server has closed the connection.');
    } catch (failure) {
      showLost(failure instanceof Refusal ? failure.message : 'The connection broke.');
    }
    await sleep(2000);
  }
}

async function drain() {
  const sure = await confirmed('Drain this server?',
      'It serves no new clients from now on, and the program ends when the present ones have gone or the drain timeout is'
      + ' over. This cannot be taken back.', 'Drain');
  if (sure) {
    await tried(() => ask('POST', '/drain', {}), 'The server drains.');
  }
}

async function endAllocation(allocation) {
  const sure = await confirmed('End this allocation?',
      'User ' + allocation.user + ' from ' + allocation.client + ' loses ' + allocation.relayed.join(', ') + '.', 'End');
  if (sure) {
    await tried(() => ask('DELETE', '/allocations/' + allocation.id), 'The allocation has ended.');
    await refreshAllocations();
  }
}

async function tried(action, done) {
  try {
    await action();
    notice(done);
  } catch (failure) {
    notice(failure.message);
  }
}

const SHOWN_ALLOCATIONS = 50;

async function refreshAllocations() {
  const user = byId('user-filter').value.trim();
  const query = '?limit=' + SHOWN_ALLOCATIONS + (user ? '&user=' + encodeURIComponent(user) : '');
  try {
    showAllocations(await askJson('GET', '/allocations' + query));
  } catch (failure) {
    // The pill says so already.
  }
}

let isRelay = false;

/** Once, when the first summary tells that this server relays. */
async function beginRelay() {
  isRelay = true;
  document.querySelectorAll('[data-relay]').forEach(part => { part.hidden = false; });
  byId('user-filter').oninput = refreshAllocations;
  beginRelayTest((await askJson('GET', '/server')).relay);
  for (;;) {
    if (!document.hidden) {
      await refreshAllocations();
    }
    await sleep(3000);
  }
}
