import http from 'k6/http';
import { check, group, sleep } from 'k6';

const base = 'http://127.0.0.1:8080';

export const options = {
  scenarios: {
    readers: { executor: 'constant-vus', vus: 30, duration: '2m', exec: 'default' },
    writers: { executor: 'constant-vus', vus: 10, duration: '1m', exec: 'write', startTime: '10s' },
  },
  thresholds: { 'group_duration{group:::front page}': ['p(95)<800'], checks: ['rate>0.95'] },
};

const get = (path) => http.get(base + path);

export default function () {
  group('front page', function () {
    get('/');
    const answers = http.batch([
      ['GET', `${base}/style.css`],
      ['GET', `${base}/images/logo.png`, null, { tags: { name: 'images' } }],
      { method: 'GET', url: `${base}/images/cart.png`, params: { tags: { name: 'images' } } },
      'https://cdn.example.net/tracker.js',
    ]);
    check(answers[0], { 'style is there': (r) => r.status === 200 });
    sleep(1);
  });
  ['shoes', 'hats'].forEach((kind) => get(`/shop/${kind}`));
  sleep(2);
}

export function write() {
  http.post(`${base}/contact`, { name: 'Ada', message: 'hello' });
  const note = http.post(`${base}/notes`, '{"title": "a", "tags": ["x", "y"]}', {
    headers: { 'Content-Type': 'application/json', 'X-Api-Key': 'k3y-9f8e7d6c5b4a39281706' },
  });
  check(note, { 'note made': (r) => r.status === 201 });
  http.request('PATCH', `${base}/notes/${note.json('id')}`, JSON.stringify({ title: 'b' }));
  while (note.json('state') !== 'done') {
    http.get(`${base}/notes/pending`);
  }
  sleep(1);
}
