{{/* Variables that are no secrets: the data of the ConfigMap. dict root service */}}
{{- define "soundlift.config" -}}
{{- $v := .root.Values -}}
{{- $converts := include "soundlift.converts" .root -}}
{{- $own := get $v .service -}}
{{- $behind := and (or $v.ingress.enabled $v.httpRoute.enabled) (eq $v.gateway.service.type "ClusterIP") -}}
{{- $data := dict -}}
{{- if eq .service "gateway" -}}
  {{- $data = dict "AUTH_URL" "http://auth:5000" "PUBLIC_URL" (include "soundlift.publicUrl" .root) "TRUST_PROXY" ($own.trustProxy | default (ternary "uniquelocal" "" $behind)) -}}
  {{- $data = merge $data (ternary (dict "NOTIFICATION_URL" "http://notification:8082") (dict "BROKER_URL" "off") (eq $converts "true")) -}}
{{- else if eq .service "auth" -}}
  {{- $data = dict "REGISTRATION" $v.registration "TRUST_PROXY" $own.trustProxy "ADMIN_EMAIL" $v.admin.email -}}
{{- else if eq .service "converter" -}}
  {{- $data = dict "CONVERTER_SLOTS" $own.slots "AUTH_URL" (ternary "http://auth:5000" "" $v.otherPrograms) -}}
{{- else -}}
  {{- $data = dict "AUTH_URL" "http://auth:5000" "PUBLIC_URL" (include "soundlift.publicUrl" .root) "MAIL_FROM" $v.smtp.from -}}
{{- end -}}
{{- $data = merge (dict) $own.env $v.env $data -}}
{{- range $name, $value := $data -}}
{{- if ne (toString $value) "" }}
{{ $name }}: {{ ternary (int64 $value) $value (kindIs "float64" $value) | toString | quote }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Secrets that stand in the values: the data of the Secret of a service. dict root service */}}
{{- define "soundlift.given-secrets" -}}
{{- $v := .root.Values -}}
{{- range $variable, $part := include "soundlift.partsOf" . | fromJson -}}
{{- if and $part.url (not $part.server) }}
{{ $variable }}: {{ $part.url | quote }}
{{- end -}}
{{- end -}}
{{- if and $v.jwtSecret (include "soundlift.signs" .) }}
JWT_SECRET: {{ $v.jwtSecret | quote }}
{{- end -}}
{{- if and (eq .service "auth") $v.admin.password }}
ADMIN_PASSWORD: {{ $v.admin.password | quote }}
{{- end -}}
{{- end }}

{{/* "true" for a service that knows JWT_SECRET. The converter, which reads strange bytes, does not without need. */}}
{{- define "soundlift.signs" -}}
{{- if or (has .service (list "gateway" "auth" "notification")) (and (eq .service "converter") .root.Values.otherPrograms) }}true{{ end -}}
{{- end }}

{{/* Variables out of Secrets: `env` of a container. Passwords come first, URLs are made of them. dict root service */}}
{{- define "soundlift.env" -}}
{{- $v := .root.Values -}}
{{- $secret := include "soundlift.secretName" .root -}}
{{- range include "soundlift.reached" . | fromJsonArray }}
{{ include "soundlift.from-secret" (dict "variable" (printf "%s_PASSWORD" (upper .)) "name" $secret) }}
{{- end -}}
{{- range $variable, $part := include "soundlift.partsOf" . | fromJson -}}
{{- if $part.server }}
- name: {{ $variable }}
  value: {{ $part.url }}
{{- else if $part.secret }}
{{ include "soundlift.from-secret" (dict "variable" $variable "name" $part.secret.name "key" $part.secret.key) }}
{{- end -}}
{{- end -}}
{{- if and (include "soundlift.signs" .) (not $v.jwtSecret) }}
{{ include "soundlift.from-secret" (dict "variable" "JWT_SECRET" "name" $secret) }}
{{- end -}}
{{- if and (eq .service "auth") $v.admin.existingSecret.name }}
{{ include "soundlift.from-secret" (dict "variable" "ADMIN_PASSWORD" "name" $v.admin.existingSecret.name "key" $v.admin.existingSecret.key) }}
{{- end -}}
{{- end }}

{{/* dict variable name [key] */}}
{{- define "soundlift.from-secret" -}}
- name: {{ .variable }}
  valueFrom: { secretKeyRef: { name: {{ .name }}, key: {{ .key | default .variable }} } }
{{- end }}
