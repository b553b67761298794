import http from 'k6/http';
import { sleep } from 'k6';
export const options = { vus: 10, duration: '12s', summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'], thresholds: { 'http_req_duration{name:tutors}': ['p(95)<1'], 'http_reqs{name:tutors}': ['count>0'], 'http_req_failed{name:tutors}': ['rate<0.5'],'http_req_duration{name:nothing}': ['p(95)<1000'], 'http_reqs{name:nothing}': ['count>0'], 'http_req_failed{name:nothing}': ['rate<0.5'] } };
export default function () {
  http.get('http://127.0.0.1:8099/api/tutors?include_metrics=true', { tags: { name: 'tutors' } });
  http.get('http://127.0.0.1:8099/api/nothing', { tags: { name: 'nothing' } });
  sleep(0.5);
}
