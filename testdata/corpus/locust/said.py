import json
from locust import events
from locustfile import *
@events.quitting.add_listener
def dump(environment, **kw):
    st = environment.stats
    json.dump({"endpoints": {"%s %s" % (e.method, e.name): {"requests": e.num_requests, "failed": e.num_failures, "quantiles_ms": {str(q): e.get_response_time_percentile(q) for q in (0.5, 0.95, 0.99)}, "max_ms": e.max_response_time} for e in st.entries.values()}}, open("said.json", "w"), indent=1)
    json.dump(st.serialize_stats(), open("stats.json", "w"))
