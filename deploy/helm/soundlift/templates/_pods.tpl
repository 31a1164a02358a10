{{/* What is the same in every pod. dict root uid */}}
{{- define "soundlift.pod-security" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .uid }}
  runAsGroup: {{ .uid }}
  fsGroup: {{ .uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "soundlift.container-security" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* Pods of a component go to different nodes and zones where there are some. dict root component */}}
{{- define "soundlift.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "soundlift.selector" $ | nindent 8 }}
    matchLabelKeys: [{{ has $.component (list "gateway" "auth" "converter" "notification") | ternary "pod-template-hash" "controller-revision-hash" }}]
  {{- end }}
{{- end }}

{{/* The image of Soundlift in a container. dict root service */}}
{{- define "soundlift.container" -}}
image: {{ include "soundlift.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{ include "soundlift.container-security" . }}
{{- end }}

{{/* A service: its ConfigMap, Secret, Deployment, PodDisruptionBudget. dict root service port */}}
{{- define "soundlift.deployment" -}}
{{- $v := get .root.Values .service -}}
{{- $label := dict "root" .root "component" .service -}}
{{- $config := include "soundlift.config" . -}}
{{- $secret := include "soundlift.given-secrets" . -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .service }}-config
  labels:
    {{- include "soundlift.labels" $label | nindent 4 }}
data:
  {{- $config | nindent 2 }}
{{- if $secret }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .service }}-secret
  labels:
    {{- include "soundlift.labels" $label | nindent 4 }}
stringData:
  {{- $secret | nindent 2 }}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .service }}
  labels:
    {{- include "soundlift.labels" $label | nindent 4 }}
spec:
  {{- if not (and $v.scaling ($v.scaling | default dict).enabled) }}
  replicas: {{ $v.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: {{ $v.surge }}, maxUnavailable: 0 }
  selector:
    matchLabels:
      {{- include "soundlift.selector" $label | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "soundlift.labels" $label | nindent 8 }}
      annotations:
        checksum/variables: {{ print $config $secret | sha256sum }}
        prometheus.io/scrape: "true"
        prometheus.io/port: "9090"
        {{- with $v.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "soundlift.pod-security" (dict "root" .root "uid" 10001) | nindent 6 }}
      # The process stops taking work, ends or hands back what is under way, and is gone within 25 seconds.
      terminationGracePeriodSeconds: 40
      {{- include "soundlift.spread" $label | nindent 6 }}
      containers:
        - name: {{ .service }}
          {{- include "soundlift.container" . | nindent 10 }}
          args: [serve, {{ .service }}]
          envFrom:
            - configMapRef: { name: {{ .service }}-config }
            {{- if $secret }}
            - secretRef: { name: {{ .service }}-secret }
            {{- end }}
          {{- with include "soundlift.env" . | trim }}
          env:
            {{- . | nindent 12 }}
          {{- end }}
          {{- if ne .service "converter" }}
          # New requests go elsewhere only when every node has heard of it.
          lifecycle: { preStop: { exec: { command: [sleep, "5"] } } }
          {{- end }}
          ports:
            - { name: http, containerPort: {{ .port }} }
            - { name: metrics, containerPort: 9090 }
          # Did the process come up? Two minutes for a slow node.
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 2
            failureThreshold: 60
          # Does what it needs answer? Else it gets no requests, and goes on.
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 3
            timeoutSeconds: 5
            failureThreshold: 2
          # Does the process turn? Else it is started again.
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          resources:
            {{- toYaml $v.resources | nindent 12 }}
      {{- range $key := list "nodeSelector" "tolerations" "affinity" }}
      {{- with get $v $key }}
      {{ $key }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .service }}
  labels:
    {{- include "soundlift.labels" $label | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "soundlift.selector" $label | nindent 6 }}
{{- end }}
