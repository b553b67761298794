import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Rate } from 'k6/metrics';
import { randomIntBetween, uuidv4 } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';

const BASE = __ENV.BASE_URL || 'http://localhost:3333';
const USERNAME = 'default';
const PASSWORD = __ENV.PASSWORD || 'hunter2-hunter2';
const errors = new Rate('errors');

const jsonHeaders = { 'Content-Type': 'application/json' };

export function setup() {
  const res = http.post(`${BASE}/api/users/token/login`, JSON.stringify({ username: USERNAME, password: PASSWORD }), {
    headers: jsonHeaders,
  });
  check(res, { 'logged in': (r) => r.status === 200 && r.json('token') !== '' });
  return { token: res.json('token') };
}

export default function (data) {
  const params = { headers: { ...jsonHeaders, Authorization: `Bearer ${data.token}` } };

  group('rate a pizza', () => {
    const pizza = http.post(`${BASE}/api/pizza`, JSON.stringify({ maxCalories: randomIntBetween(500, 1000), vegetarian: false }), params);
    const ok = check(pizza, {
      'status is 200': (r) => r.status === 200,
      'has a name': (r) => r.json().pizza.name !== undefined,
      'fast': (r) => r.timings.duration < 500,
    });
    errors.add(!ok);

    const rating = http.post(`${BASE}/api/ratings`, JSON.stringify({ stars: 5, note: `round ${uuidv4()}` }), params);
    if (check(rating, { created: (r) => [200, 201].includes(r.status) })) {
      const id = rating.json().id;
      http.put(`${BASE}/api/ratings/${id}`, JSON.stringify({ stars: 4 }), { ...params, tags: { name: 'change rating' } });
      http.del(`${BASE}/api/ratings/${id}`, null, params);
    }
  });

  sleep(Math.random() * 2 + 1);
}

export function teardown() {
  console.log('done');
}
