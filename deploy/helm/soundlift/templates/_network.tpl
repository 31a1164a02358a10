{{/* A rule to or from pods of the release on a port. dict root to|from component port */}}
{{- define "soundlift.arrow" -}}
- {{ .way }}:
    - podSelector:
        matchLabels:
          {{- include "soundlift.selector" . | nindent 10 }}
  ports:
    - { protocol: TCP, port: {{ .port }} }
{{- end }}

{{/* Who may be reached: DNS, and each part the service uses. dict root service */}}
{{- define "soundlift.egress" -}}
{{- $root := .root -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- $servers := include "soundlift.servers" .root | fromYaml }}
{{- range include "soundlift.reached" . | fromJsonArray }}
{{ include "soundlift.arrow" (dict "root" $root "way" "to" "component" . "port" (get $servers .).port) }}
{{- end }}
{{- $ports := list }}
{{- range include "soundlift.partsOf" . | fromJson }}
{{- if not .server }}{{ $ports = concat $ports .ports | uniq }}{{ end }}
{{- end }}
{{- with $ports }}
# Servers outside the release: where they are is not known here.
- ports:
    {{- range . }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end }}
{{- end }}
