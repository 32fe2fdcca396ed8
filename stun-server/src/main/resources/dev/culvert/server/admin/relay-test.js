const PATIENCE_MILLIS = 15000;
const PINGS = 20;
const CHUNK_BYTES = 16384;
const LOAD_BYTES = 1 << 20;
const WINDOW_BYTES = 256 << 10;

/** What the error codes of TURN and of browsers mean to whoever tests. */
const ERRORS = {
  300: 'the server drains and sends new clients elsewhere',
  401: 'the server does not take this user and password; is the clock right, and the realm?',
  403: 'the server forbids it',
  437: 'the server has lost the allocation',
  441: 'the allocation belongs to another user',
  486: 'the user has as many allocations as --max-allocations-per-user allows',
  508: 'the server has no relay port or no room left (--relay-ports, --max-allocations), or it drains',
  701: 'no answer: a firewall in between, another address or port, or for turns: a certificate that this browser does not'
      + ' trust for this name',
};

/** Ends a test; the message is for people. */
class Failed extends Error {}

function beginRelayTest(relay) {
  const uris = ownFirst(relay.uris);
  byId('test-uris').replaceChildren(...uris.map(uri => element('option', {value: uri})));
  byId('test-uri').value = uris[0] || '';
  byId('test-user').hidden = relay.mintsCredentials || relay.open;
  byId('test-form').onsubmit = async event => {
    event.preventDefault();
    byId('test-start').disabled = true;
    await testRelay(relay).finally(() => { byId('test-start').disabled = false; });
  };
}

/** What this browser asked for the page it can most likely reach for relaying too. */
function ownFirst(uris) {
  const host = location.hostname;
  return [...uris].sort((a, b) => b.includes(':' + host + ':') - a.includes(':' + host + ':'));
}

async function testRelay(relay) {
  const verdict = byId('test-verdict');
  byId('test-steps').replaceChildren();
  verdict.textContent = '';
  const pair = [];
  try {
    const server = await step('A credential', () => credential(relay));
    pair.push(...connections(server));
    const channel = pair[0].connection.createDataChannel('test');
    await step('A relayed address for the first end', () => gather(pair[0], true));
    await step('A relayed address for the second end', () => gather(pair[1], false, pair[0]));
    await step('The two ends meet at the server', () => meet(pair, channel));
    await step('A message goes around', () => ping(channel));
    await step('Data goes around unaltered', () => load(channel));
    verdict.textContent = 'This browser can relay through this server.';
    verdict.className = 'good';
  } catch (failure) {
    verdict.textContent = 'This browser cannot relay through this server as it is.';
    verdict.className = 'bad';
  } finally {
    pair.forEach(end => end.connection.close());
  }
}

/** Shows a step while it runs and what came of it; its work returns [detail, value] or fails with the reason. */
async function step(name, work) {
  const detail = element('span', {className: 'detail'}, '');
  const item = element('li', {}, name + ' ', detail);
  byId('test-steps').append(item);
  const started = performance.now();
  try {
    const [text, value] = await work();
    item.className = 'good';
    detail.textContent = '– ' + text + ' (' + Math.round(performance.now() - started) + ' ms)';
    return value;
  } catch (failure) {
    item.className = 'bad';
    detail.textContent = '– ' + (failure instanceof Failed || failure instanceof Refusal ? failure.message : String(failure));
    throw failure;
  }
}

async function credential(relay) {
  const uri = byId('test-uri').value.trim();
  if (relay.open) {
    return ['this server wants none', {urls: [uri], username: 'anybody', credential: 'anything'}];
  }
  if (!relay.mintsCredentials) {
    const username = byId('test-name').value;
    if (!username) {
      throw new Failed('this server has no shared secret to make one from: give a user and a password');
    }
    return ['as given, for ' + username, {urls: [uri], username, credential: byId('test-password').value}];
  }
  const minted = await askJson('POST', '/credentials', {user: 'status-page', lifetimeSeconds: 120, uris: [uri]});
  return ['made by the server, good for 2 minutes', minted.iceServers[0]];
}

function connections(server) {
  return [0, 1].map(() => {
    let connection;
    try {
      connection = new RTCPeerConnection({iceServers: [server], iceTransportPolicy: 'relay'});
    } catch (failure) {
      throw new Failed('this browser does not take ' + server.urls[0] + ': ' + failure.message);
    }
    const end = {connection, candidates: [], errors: []};
    connection.onicecandidate = ({candidate}) => candidate && candidate.candidate && end.candidates.push(candidate);
    connection.onicecandidateerror = error => end.errors.push(error);
    return end;
  });
}

async function gather(end, isFirst, other) {
  const {connection} = end;
  if (!isFirst) {
    connection.ondatachannel = ({channel}) => echo(channel);
    await connection.setRemoteDescription(other.connection.localDescription);
  }
  await connection.setLocalDescription();
  await until(connection, 'icegatheringstatechange', () => connection.iceGatheringState === 'complete');
  if (end.candidates.length === 0) {
    throw new Failed(whyNoAddress(end.errors));
  }
  return [end.candidates.map(each => each.address + ':' + each.port).join(', ')];
}

function whyNoAddress(errors) {
  if (errors.length === 0) {
    return 'the browser asked nobody and says nothing: browsers use loopback addresses for WebRTC only when they are started'
        + ' so; use another address of the server';
  }
  const {errorCode, errorText} = errors[errors.length - 1];
  const meaning = ERRORS[errorCode];
  return 'error ' + errorCode + (errorText ? ' "' + errorText + '"' : '') + (meaning ? ': ' + meaning : '');
}

/** Waits for a condition that an event may bring about; false when patience is over. */
function until(target, event, condition) {
  return new Promise(resolve => {
    const finish = result => {
      target.removeEventListener(event, look);
      clearTimeout(timer);
      resolve(result);
    };
    const look = () => condition() && finish(true);
    const timer = setTimeout(() => finish(false), PATIENCE_MILLIS);
    target.addEventListener(event, look);
    look();
  });
}

async function meet([first, second], channel) {
  await first.connection.setRemoteDescription(second.connection.localDescription);
  const open = await until(channel, 'open', () => channel.readyState === 'open');
  if (!open) {
    throw new Failed(await whyTheyDoNotMeet([...first.candidates, ...second.candidates]));
  }
  const stats = new Map(await first.connection.getStats());
  const transport = [...stats.values()].find(each => each.type === 'transport');
  const chosen = transport && stats.get(transport.selectedCandidatePairId);
  const local = chosen && stats.get(chosen.localCandidateId);
  return [local && local.relayProtocol ? 'through a relay, this browser reaching it by ' + local.relayProtocol
    : 'through a relay'];
}

async function whyTheyDoNotMeet(candidates) {
  for (const {address, port} of candidates) {
    const peer = (address.includes(':') ? '[' + address + ']' : address) + ':' + port;
    const decision = await askJson('GET', '/policy?peer=' + encodeURIComponent(peer)).catch(() => null);
    if (decision && !decision.allowed) {
      return 'the server does not relay to its own relayed address ' + peer + ': ' + decision.rule
          + '. Two clients of this server could not meet at it either; see --allow-peer and --external-address';
    }
  }
  return 'the peer policy allows it, but no packet came through: a firewall closes the relay ports for UDP, or the router'
      + ' with the public address (--external-address) does not turn packets back to the server';
}

function echo(channel) {
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({data}) => channel.send(data);
}

async function ping(channel) {
  const times = [];
  for (let i = 0; i < PINGS; i++) {
    const started = performance.now();
    const answer = next(channel);
    channel.send('ping ' + i);
    if (await answer !== 'ping ' + i) {
      throw new Failed('message ' + (i + 1) + ' of ' + PINGS + ' did not come back');
    }
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return [PINGS + ' of ' + PINGS + ' came back, typically after ' + times[PINGS / 2].toFixed(1) + ' ms'];
}

function next(channel) {
  return Promise.race([
    new Promise(resolve => { channel.onmessage = ({data}) => resolve(data); }),
    sleep(PATIENCE_MILLIS),
  ]);
}

async function load(channel) {
  channel.binaryType = 'arraybuffer';
  const sent = crypto.getRandomValues(new Uint8Array(CHUNK_BYTES));
  const started = performance.now();
  let [sentBytes, backBytes, altered] = [0, 0, 0];
  const done = new Promise(resolve => {
    channel.onmessage = ({data}) => {
      altered += new Uint8Array(data).some((value, index) => value !== sent[index]) ? 1 : 0;
      backBytes += data.byteLength;
      pump();
      if (backBytes >= LOAD_BYTES) {
        resolve(true);
      }
    };
  });
  const pump = () => {
    for (; sentBytes < LOAD_BYTES && sentBytes - backBytes < WINDOW_BYTES; sentBytes += CHUNK_BYTES) {
      channel.send(sent);
    }
  };
  pump();
  if (!await Promise.race([done, sleep(2 * PATIENCE_MILLIS)]) || altered > 0) {
    throw new Failed(altered > 0 ? altered + ' messages came back altered'
      : bytes(backBytes) + ' of ' + bytes(LOAD_BYTES) + ' came back');
  }
  return [bytes(LOAD_BYTES) + ' each way, ' + bitRate(16 * LOAD_BYTES / (performance.now() - started) * 1000)];
}

byId('drain').onclick = drain;
watch();
