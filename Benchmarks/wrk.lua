-- Prints what wrk measured on one line: requests, microseconds, the median and the 99th percentile of the latency in
-- microseconds, and how many requests failed.
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
