from locust import HttpUser, task, between, constant
class Dash(HttpUser):
    wait_time = between(0.2, 0.6)
    @task(3)
    def tutors(self):
        self.client.get("/api/tutors?include_metrics=true")
    @task(2)
    def tutor(self):
        self.client.get("/api/tutors/17", name="/api/tutors/{id}")
    @task(1)
    def nothing(self):
        self.client.get("/api/nothing")
