"""Load test of the tutoring platform: six groups of users.

    locust -f tutormax.py --headless -u 100 -r 10 -t 5m
"""
import json
import logging
import random
from datetime import datetime, timedelta

from locust import HttpUser, between, events, task

logger = logging.getLogger(__name__)

BASE = "/api"
SUBJECTS = ["Math", "Science", "English", "History", "Programming"]
DURATIONS = [30, 60, 90]
PRIORITIES = ["high", "medium", "low"]


def rating():
    return random.randint(3, 5)


class DashboardUser(HttpUser):
    """Operations staff who look at dashboards."""

    weight = 40
    wait_time = between(5, 15)

    def on_start(self):
        self.token = None
        response = self.client.post(
            "/api/auth/login",
            json={"username": "ops_manager@tutormax.example", "password": "Winter-Is-Long-7"},
        )
        if response.status_code == 200:
            self.token = response.json()["access_token"]
            self.client.headers.update({"Authorization": f"Bearer {self.token}"})
        else:
            logger.error("login failed: %s", response.status_code)

    @task
    def look_around(self):
        with self.client.get(f"{BASE}/dashboard/metrics", catch_response=True) as response:
            if response.status_code == 200:
                response.success()
            else:
                response.failure(f"metrics: {response.status_code}")
        self.client.get(f"{BASE}/performance/analytics")
        self.client.get("/api/alerts", params={"status": "active"})
        self.client.get("/api/interventions?status=pending")


class SessionCreator(HttpUser):
    weight = 20
    wait_time = between(10, 30)

    def on_start(self):
        self.tutor_id = random.randint(1, 100)
        self.student_id = random.randint(1, 500)

    @task
    def create_session(self):
        start = datetime.utcnow() + timedelta(days=random.randint(1, 7))
        payload = {
            "tutor_id": self.tutor_id,
            "student_id": self.student_id,
            "subject": random.choice(SUBJECTS),
            "scheduled_start": start.isoformat() + "Z",
            "duration_minutes": random.choice(DURATIONS),
            "session_type": random.choice(["one-on-one", "group"]),
        }
        with self.client.post("/api/sessions", json=payload, catch_response=True) as response:
            if response.status_code in [200, 201]:
                response.success()
                session_id = response.json().get("id")
                if session_id:
                    self.client.patch(
                        f"/api/sessions/{session_id}",
                        json={"actual_start": datetime.utcnow().isoformat()},
                        name="/api/sessions/{id}",
                    )
            else:
                response.failure("Failed to create session: {}".format(response.status_code))


class TutorViewer(HttpUser):
    weight = 15
    wait_time = between(8, 20)

    @task(3)
    def list_tutors(self):
        self.client.get("/api/tutors", params={"include_metrics": "true"})

    @task(2)
    def view_tutor(self):
        tutor_id = random.randint(1, 100)
        self.client.get(f"/api/tutors/{tutor_id}")

    @task(2)
    def view_sessions(self):
        tutor_id = random.randint(1, 100)
        self.client.get("/api/tutors/%d/sessions?limit=50" % tutor_id)

    @task(1)
    def view_recommendations(self):
        self.client.get("/api/tutors/{}/recommendations".format(random.randint(1, 100)))


class InterventionManager(HttpUser):
    weight = 15
    wait_time = between(10, 25)

    @task(3)
    def list_pending(self):
        self.client.get("/api/interventions?status=pending&sort=priority")

    @task(2)
    def view_intervention(self):
        self.client.get(f"/api/interventions/{random.randint(1, 100)}", name="/api/interventions/{id}")

    @task(1)
    def assign(self):
        intervention_id = random.randint(1, 100)
        self.client.post(
            f"/api/interventions/{intervention_id}/assign",
            json={
                "assigned_to": f"ops_manager_{random.randint(1, 10)}@tutormax.example",
                "priority": random.choice(PRIORITIES),
            },
        )

    @task(1)
    def record_outcome(self):
        intervention_id = random.randint(1, 100)
        self.client.post(
            f"/api/interventions/{intervention_id}/outcome",
            data=json.dumps({
                "status": "completed",
                "outcome": random.choice(["improved", "no_change", "declined"]),
                "notes": "Intervention completed successfully",
            }),
            headers={"Content-Type": "application/json"},
        )


class AdminUser(HttpUser):
    weight = 5
    wait_time = between(15, 40)
    searches = ["john", "smith", "tutor", "admin"]

    @task(4)
    def list_users(self):
        self.client.get("/api/admin/users", params={"page": 1, "limit": 50})

    @task(2)
    def search_users(self):
        term = random.choice(self.searches)
        self.client.get(f"/api/admin/users?search={term}", name="/api/admin/users?search={term}")

    @task
    def view_user(self):
        self.client.get(f"/api/admin/users/{random.randint(1, 200)}")

    @task
    def change_roles(self):
        self.client.patch(f"/api/admin/users/{random.randint(1, 200)}/roles", json={"roles": ["tutor"]})


class StudentFeedback(HttpUser):
    weight = 5
    wait_time = between(60, 180)

    def on_start(self):
        self.feedback_token = f"feedback_token_{random.randint(1000, 9999)}"

    @task
    def submit(self):
        self.client.post(
            f"/api/feedback/{self.feedback_token}",
            json={
                "rating": rating(),
                "tutor_knowledge": rating(),
                "communication": rating(),
                "helpfulness": rating(),
                "would_recommend": random.choice([True, False]),
                "comments": "Great session, learned a lot",
            },
        )


@events.test_start.add_listener
def announce(environment, **kwargs):
    print("starting the load test against", environment.host)
