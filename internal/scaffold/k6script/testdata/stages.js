import http from "k6/http";
import { check, sleep } from "k6";

const host = "http://127.0.0.1:8080";

export let options = {
  stages: [
    { duration: "30s", target: 20 },
    { duration: "1m30s", target: 20 },
    { duration: "20s", target: 0 },
  ],
  thresholds: {
    http_req_duration: ["p(95)<500", "p(99.9)<2000", "avg<200"],
    http_req_failed: [{ threshold: "rate<0.01", abortOnFail: true, delayAbortEval: "10s" }],
    "http_req_duration{name:crocodile}": ["p(95)<200"],
    "http_req_duration{kind:static}": ["med<50"],
    "http_req_waiting": ["p(95)<300"],
    "errors": ["count<10"],
  },
};

export default function () {
  http.get(host + "/");
  sleep(0.5);
  for (let i = 0; i < 3; i++) {
    http.get(`${host}/static/app.css`, { tags: { kind: "static" } });
  }
  for (let id = 1; id <= 2; id++) {
    const res = http.get(`${host}/public/crocodiles/${id}/`, { tags: { name: "crocodile" } });
    check(res, {
      "is ok": (r) => r.status == 200,
      "names it": (r) => r.body.includes("name"),
    });
    sleep(1);
  }
  if (Math.random() < 0.3) {
    http.get(`${host}/public/search?q=${encodeURIComponent("big crocodile")}&page=${Math.floor(Math.random() * 5) + 1}`);
  }
  if (__ENV.DEEP === "1") {
    http.get(`${host}/public/deep`);
  }
}
