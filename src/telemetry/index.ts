export { createMetricsServer } from './metrics-server.ts'
export { createPrometheus } from './prometheus.ts'
