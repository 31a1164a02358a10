{{/*
A back end for a try-out: Service and StatefulSet of one, its data in a volume claim.
dict root name uid ports data writable container [headless]: `ports` of the Service by name; `data` where the volume is
mounted; `writable` folders that are empty at each start; `container` what is its own in the container, as YAML.
*/}}
{{- define "soundlift.backend" -}}
{{- $v := get .root.Values .name -}}
{{- $label := dict "root" .root "component" .name -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "soundlift.labels" $label | nindent 4 }}
spec:
  {{- if .headless }}
  # Its own name must lead to it before it is ready: a replica set begins with that.
  clusterIP: None
  publishNotReadyAddresses: true
  {{- end }}
  selector:
    {{- include "soundlift.selector" $label | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - { name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }} }
    {{- end }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  labels:
    {{- include "soundlift.labels" $label | nindent 4 }}
spec:
  serviceName: {{ .name }}
  replicas: 1
  # So that an upgrade replaces a pod that never became ready.
  podManagementPolicy: Parallel
  selector:
    matchLabels:
      {{- include "soundlift.selector" $label | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "soundlift.labels" $label | nindent 8 }}
    spec:
      {{- include "soundlift.pod-security" (dict "root" .root "uid" .uid) | nindent 6 }}
      terminationGracePeriodSeconds: 60
      {{- include "soundlift.spread" $label | nindent 6 }}
      containers:
        - name: {{ .name }}
          image: {{ $v.image }}
          imagePullPolicy: IfNotPresent
          {{- include "soundlift.container-security" . | nindent 10 }}
          {{- .container | nindent 10 }}
          ports:
            {{- range $name, $port := .ports }}
            - { name: {{ $name }}, containerPort: {{ $port }} }
            {{- end }}
          resources:
            {{- toYaml $v.resources | nindent 12 }}
          volumeMounts:
            {{- range $at, $path := .writable }}
            - { name: empty-{{ $at }}, mountPath: {{ $path }} }
            {{- end }}
            - { name: data, mountPath: {{ .data }} }
      volumes:
        {{- range $at, $path := .writable }}
        - { name: empty-{{ $at }}, emptyDir: {} }
        {{- end }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $v.storageClass }}
        storageClassName: {{ ternary "" . (eq . "-") | quote }}
        {{- end }}
        resources:
          requests: { storage: {{ $v.size }} }
{{- end }}

{{/* "true" when a part of the release lies on this back end. dict root name */}}
{{- define "soundlift.brings" -}}
{{- if has .name (include "soundlift.reached" (dict "root" .root) | fromJsonArray) }}true{{ end -}}
{{- end }}
