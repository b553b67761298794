import http from 'k6/http';
import { sleep } from 'k6';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';

const users = new SharedArray('users', function () {
  return JSON.parse(open('./users.json'));
});

export const options = {
  discardResponseBodies: true,
  insecureSkipTLSVerify: true,
  scenarios: {
    browse: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '20s', target: 10 },
        { duration: '1m', target: 10 },
      ],
      gracefulRampDown: '0s',
      exec: 'browse',
    },
    news: {
      executor: 'constant-arrival-rate',
      rate: 90,
      timeUnit: '1m',
      duration: '1m',
      preAllocatedVUs: 20,
      maxVUs: 50,
      exec: 'news',
      startTime: '30s',
      env: { SECTION: 'front' },
    },
    burst: {
      executor: 'per-vu-iterations',
      vus: 5,
      iterations: 20,
      maxDuration: '3m',
      exec: 'burst',
    },
  },
  thresholds: {
    'http_req_duration{scenario:news}': ['p(90)<400'],
    'http_req_failed': ['rate<0.02'],
    'http_reqs{scenario:browse}': ['rate>1'],
  },
};

const address = 'http://shop.example.com';

export function browse() {
  const list = http.get(`${address}/products`);
  const first = list.json('products.0.id');
  http.get(`${address}/products/${first}`);
  sleep(2);
}

export function news() {
  http.get(`${address}/${__ENV.SECTION}/news`, { headers: { 'X-User': `${exec.vu.idInTest}` } });
}

export function burst() {
  const user = users[Math.floor(Math.random() * users.length)];
  http.get(`${address}/profile?name=${user.name}`);
  http.get(`${address}/health`);
  sleep(1);
}
