{{/* Labels of every object. dict root component */}}
{{- define "soundlift.labels" -}}
{{ include "soundlift.selector" . }}
app.kubernetes.io/part-of: soundlift
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* Labels that find the pods of a component. dict root component */}}
{{- define "soundlift.selector" -}}
{{ include "soundlift.release" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels that all pods of the release bear. */}}
{{- define "soundlift.release" -}}
app.kubernetes.io/name: soundlift
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "soundlift.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* The Secret that holds JWT_SECRET and the passwords of the back ends. */}}
{{- define "soundlift.secretName" -}}
{{ .Values.existingSecret | default "soundlift-secret" }}
{{- end }}

{{- define "soundlift.publicUrl" -}}
{{- $tls := or .Values.ingress.tls .Values.httpRoute.tls -}}
{{ .Values.publicUrl | default (printf "%s://%s" (ternary "https" "http" (not (empty $tls))) .Values.host) }}
{{- end }}

{{/* "true" unless the broker is off: then there is no converter and no notification service. YAML reads off as false. */}}
{{- define "soundlift.converts" -}}
{{- if not (has (toString .Values.broker.store) (list "off" "false")) }}true{{ end -}}
{{- end }}

{{/* The services that run. */}}
{{- define "soundlift.services" -}}
{{ ternary (list "gateway" "auth" "converter" "notification") (list "gateway" "auth") (eq (include "soundlift.converts" .) "true") | toJson }}
{{- end }}
