import http from 'k6/http';
import { sleep } from 'k6';
export const options = { vus: 10, duration: '20s', summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'], thresholds: { 'http_req_duration{expected_response:true}': ['p(95)<1000'] } };
export default function () {
  http.get('http://127.0.0.1:8092/api/tutors/' + (1 + Math.floor(Math.random() * 100)));
  http.get('http://127.0.0.1:8092/api/tutors?include_metrics=true', { tags: { name: 'tutors' } });
  http.get('http://127.0.0.1:8092/api/nothing');
  sleep(0.5);
}
