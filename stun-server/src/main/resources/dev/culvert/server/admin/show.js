const SVG = 'http://www.w3.org/2000/svg';
const HISTORY = 90;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function cell(text, className = '', label = '') {
  const made = element('td', {className}, text);
  if (label) {
    made.dataset.label = label;
  }
  return made;
}

function scaled(value, units, base) {
  let index = 0;
  let left = value;
  while (left >= base && index < units.length - 1) {
    left /= base;
    index++;
  }
  const digits = index === 0 || left >= 100 ? 0 : left >= 10 ? 1 : 2;
  return left.toFixed(digits) + ' ' + units[index];
}

const bitRate = bitsPerSecond => scaled(bitsPerSecond, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'], 1000);
const bytes = count => scaled(count, ['B', 'kB', 'MB', 'GB', 'TB'], 1000);
const grouped = number => Math.round(number).toLocaleString('en-GB');

function duration(seconds) {
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([length]) => seconds >= length);
  if (first < 0) {
    return '0 s';
  }
  const [length, unit] = parts[first];
  const whole = Math.floor(seconds / length);
  const [nextLength, nextUnit] = parts[first + 1] || [0, ''];
  const rest = nextLength ? Math.floor((seconds - whole * length) / nextLength) : 0;
  return whole + ' ' + unit + (rest ? ' ' + rest + ' ' + nextUnit : '');
}

let before = null;
const tiles = new Map();
const seenRefusals = new Map();

function showSummary(summary) {
  byId('program').textContent = summary.program;
  byId('version').textContent = summary.version;
  document.title = summary.program + (summary.ready ? '' : ' (not ready)');
  showState(summary.ready ? 'Ready' : 'Takes no new clients', summary.ready ? 'good' : 'warn');
  document.body.classList.toggle('plain', !summary.relay);
  byId('uptime').textContent = 'up for ' + duration(summary.uptimeMillis / 1000);
  byId('drain').disabled = !summary.ready;
  const seconds = before ? (Date.parse(summary.time) - Date.parse(before.time)) / 1000 : 0;
  if (before && summary.uptimeMillis < before.uptimeMillis) {
    tiles.clear();
    byId('flows').replaceChildren();
    before = null;
  }
  summary.flows.forEach((flow, index) => showFlow(flow, before ? before.flows[index] : null, seconds));
  showGauges(summary);
  showRefusals(summary.refusals);
  showListeners(summary);
  if (summary.relay) {
    showTopUsers(summary.relay.topUsers);
    if (!isRelay) {
      beginRelay();
    }
  }
  before = summary;
}

function showState(text, kind) {
  const pill = byId('state');
  pill.textContent = text;
  pill.className = 'pill ' + kind;
}

function showLost(why) {
  showState('No connection', 'bad');
  byId('uptime').textContent = why;
}

function showFlow(flow, last, seconds) {
  let tile = tiles.get(flow.name);
  if (!tile) {
    tile = flowTile(flow.name);
    tiles.set(flow.name, tile);
    byId('flows').append(tile.root);
  }
  tile.total.textContent = bytes(flow.bytes) + ' in ' + grouped(flow.packets) + ' packets';
  if (!last || seconds <= 0) {
    return;
  }
  const bits = (flow.bytes - last.bytes) * 8 / seconds;
  tile.value.textContent = bitRate(bits);
  tile.packets.textContent = grouped((flow.packets - last.packets) / seconds) + ' packets/s';
  tile.history.push(bits);
  tile.history.splice(0, tile.history.length - HISTORY);
  draw(tile);
}

function flowTile(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', '0 0 ' + (HISTORY - 1) + ' 30');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', name + ', the last ' + HISTORY + ' seconds');
  const area = document.createElementNS(SVG, 'polygon');
  const line = document.createElementNS(SVG, 'polyline');
  svg.append(area, line);
  const value = element('div', {className: 'value'}, '–');
  const packets = element('p', {}, '');
  const total = element('p', {}, '');
  const root = element('div', {className: 'tile'}, element('h2', {}, name), value, packets, svg, total);
  return {root, value, packets, total, area, line, history: []};
}

function draw(tile) {
  const most = Math.max(1, ...tile.history);
  const start = HISTORY - tile.history.length;
  const points = tile.history.map((bits, index) => (start + index) + ',' + (29 - 28 * bits / most).toFixed(2));
  tile.line.setAttribute('points', points.join(' '));
  tile.area.setAttribute('points', [start + ',30', ...points, (HISTORY - 1) + ',30'].join(' '));
}

function showGauges(summary) {
  const shown = [];
  if (summary.relay) {
    const {allocations, maxAllocations, users, ports, maxPorts} = summary.relay;
    shown.push(gauge('Allocations', grouped(allocations), 'of ' + grouped(maxAllocations), allocations / maxAllocations));
    shown.push(gauge('Relay ports', grouped(ports), 'of ' + grouped(maxPorts), ports / Math.max(1, maxPorts)));
    shown.push(gauge('Users', grouped(users), 'with an allocation'));
  }
  const lag = Object.entries(summary.levels).find(([name]) => name.includes('loop_lag'));
  if (lag) {
    const unit = lag[0].includes('nanos') ? 1e6 : lag[0].includes('micros') ? 1e3 : 1;
    shown.push(gauge('Event-loop lag', (lag[1] / unit).toFixed(1) + ' ms', 'of the slowest loop'));
  }
  const days = Math.min(...summary.certificates.map(each => each.daysLeft ?? -1));
  if (Number.isFinite(days)) {
    shown.push(gauge('Certificate', days < 0 ? 'no good' : grouped(days) + ' days', 'until the first one ends'));
  }
  byId('gauges').replaceChildren(...shown);
}

function gauge(name, value, text, part) {
  const tile = element('div', {className: 'tile'},
      element('h2', {}, name), element('div', {className: 'value'}, value), element('p', {}, text));
  if (part !== undefined) {
    tile.append(element('progress', {value: part, className: part > .9 ? 'full' : '', ariaLabel: name + ' in use'}));
  }
  return tile;
}

function rows(id, made, empty, columns) {
  byId(id).replaceChildren(...(made.length ? made
      : [element('tr', {}, element('td', {className: 'empty', colSpan: columns}, empty))]));
}

/** What a label tells apart has the same meaning and another label. */
function inWords({reason, meaning}) {
  const [name, ...labels] = reason.split(' ');
  const word = name.endsWith('refusals') ? 'refused: ' : name.endsWith('drops') ? 'dropped: ' : name + ' ';
  return labels.length ? word + labels.join(' ').replaceAll('_', ' ') : meaning;
}

function showRefusals(refusals) {
  const counted = refusals.filter(each => each.count > 0).sort((a, b) => b.count - a.count);
  rows('refusals', counted.map(each => {
    const rising = seenRefusals.has(each.reason) && each.count > seenRefusals.get(each.reason);
    return element('tr', {title: each.reason}, cell(inWords(each)), cell(grouped(each.count), rising ? 'n rising' : 'n'));
  }), 'nothing', 2);
  refusals.forEach(each => seenRefusals.set(each.reason, each.count));
}

function showListeners(summary) {
  rows('listeners', summary.listeners.map(each =>
    element('tr', {}, cell(each.transport), cell(each.address))), 'none: this host has no address yet', 2);
  rows('certificates', summary.certificates.map(each => {
    const text = each.problem || (each.daysLeft < 0 ? 'has ended' : each.daysLeft + ' days left');
    const isBad = Boolean(each.problem) || each.daysLeft < 14;
    return element('tr', {}, cell(each.file), cell(text, isBad ? 'n rising' : 'n'));
  }), 'none', 2);
}

function showTopUsers(users) {
  rows('top-users', users.map(each => element('tr', {},
      cell(each.user), cell(grouped(each.allocations) + (each.allocations === 1 ? ' allocation' : ' allocations'), 'n'),
      cell(bytes(each.bytesToPeers + each.bytesToClient), 'n'))), 'nobody', 3);
}

function showAllocations(page) {
  const {allocations, total} = page;
  byId('allocation-total').textContent = total > allocations.length
    ? 'the first ' + grouped(allocations.length) + ' of ' + grouped(total) : grouped(total);
  rows('allocations', allocations.map(each => {
    const end = element('button', {type: 'button', onclick: () => endAllocation(each)}, 'End');
    const row = element('tr', {title: 'id ' + each.id},
        cell(each.user, '', 'User'), cell(each.transport + ' ' + each.client, '', 'Client'),
        cell(each.relayed.join(', '), '', 'Relayed'), cell(duration(each.ageSeconds), '', 'Age'),
        cell(bytes(each.bytesToPeers), 'n', 'To peers'), cell(bytes(each.bytesToClient), 'n', 'To client'),
        element('td', {className: 'n'}, end));
    row.dataset.id = each.id;
    return row;
  }), 'none', 7);
}
