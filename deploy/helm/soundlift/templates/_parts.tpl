{{/*
What is kept where. A part is {variable, server, url | secret, ports}: `server` is the back end of the chart it lies on,
else `secret` {name, key} holds the URL, or `url` is the URL itself.
*/}}

{{/* URLs and ports of the back ends of the chart; $(NAME) is filled in by Kubernetes, from the Secret. */}}
{{- define "soundlift.servers" -}}
{{- $public := .Values.minio.publicEndpoint -}}
postgresql:
  url: postgres://soundlift:$(POSTGRESQL_PASSWORD)@postgresql:5432/soundlift
  port: 5432
mysql:
  url: mysql://soundlift:$(MYSQL_PASSWORD)@mysql:3306/soundlift
  port: 3306
mongodb:
  url: mongodb://soundlift:$(MONGODB_PASSWORD)@mongodb:27017/soundlift?replicaSet=rs0&authSource=admin
  port: 27017
minio:
  url: s3://soundlift:$(MINIO_PASSWORD)@soundlift/?endpoint=http://minio:9000&region=us-east-1{{ with $public }}&publicEndpoint={{ . | urlquery }}{{ end }}
  port: 9000
rabbitmq:
  url: amqp://soundlift:$(RABBITMQ_PASSWORD)@rabbitmq:5672
  port: 5672
{{- end }}

{{/* All parts by name, as JSON. */}}
{{- define "soundlift.parts" -}}
{{- $v := .Values -}}
{{- $notifications := $v.notifications -}}
{{- if not $notifications.store -}}
  {{- $notifications = merge (dict "name" "users") $v.users -}}
  {{- if or (eq $v.users.store "mongodb") (hasPrefix "mongodb" $v.users.url) -}}
    {{- if include "soundlift.converts" . -}}
      {{- fail "notifications.store: accounts are in MongoDB, and preferences and deliveries are kept in SQL: say postgresql, mysql or url" -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- $given := dict "users" $v.users "library" $v.library "blobs" $v.blobs -}}
{{- if include "soundlift.converts" . -}}
  {{- $given = merge $given (dict "notifications" $notifications "broker" $v.broker) -}}
{{- end -}}
{{- $servers := include "soundlift.servers" . | fromYaml -}}
{{- $parts := dict -}}
{{- range $name, $part := $given -}}
  {{- $variable := printf "%s_URL" (upper $name) -}}
  {{- $server := ternary "mongodb" $part.store (eq $part.store "gridfs") -}}
  {{- $made := dict "variable" $variable -}}
  {{- if hasKey $servers $server -}}
    {{- $_ := set $made "server" $server -}}
    {{- $_ := set $made "url" (get $servers $server).url -}}
    {{- $_ := set $made "ports" (list (get $servers $server).port) -}}
  {{- else -}}
    {{- $_ := merge $made (include "soundlift.given" (dict "root" $ "name" ($part.name | default $name) "variable" $variable "part" $part) | fromJson) -}}
  {{- end -}}
  {{- $_ := set $parts $name $made -}}
{{- end -}}
{{- if or $v.smtp.url $v.smtp.existingSecret.name -}}
  {{- $smtp := include "soundlift.given" (dict "root" . "name" "smtp" "variable" "SMTP_URL" "part" $v.smtp) | fromJson -}}
  {{- $_ := set $parts "smtp" (merge (dict "variable" "SMTP_URL") $smtp) -}}
{{- end -}}
{{ $parts | toJson }}
{{- end }}

{{/* A part on a server of the user's: {url | secret, ports}. dict root name variable part */}}
{{- define "soundlift.given" -}}
{{- $secret := .part.existingSecret.name | default .root.Values.existingSecret -}}
{{- $ports := .part.ports | default (include "soundlift.ports" (dict "variable" .variable "url" .part.url) | fromJsonArray) -}}
{{- if .part.url -}}
  {{ dict "url" .part.url "ports" $ports | toJson }}
{{- else if $secret -}}
  {{ dict "secret" (dict "name" $secret "key" (.part.existingSecret.key | default .variable)) "ports" $ports | toJson }}
{{- else -}}
  {{- fail (printf "%s.url: %s.store is url, and there is none: give it, or a Secret that holds it in %s.existingSecret.name" .name .name .name) -}}
{{- end -}}
{{- end }}

{{/* The ports a URL names; else the usual ones of its scheme; else, in a Secret, of its variable. dict variable url */}}
{{- define "soundlift.ports" -}}
{{- $schemes := dict "postgres" (list 5432) "postgresql" (list 5432) "mysql" (list 3306) "mariadb" (list 3306) "mongodb" (list 27017) "mongodb+srv" (list 27017) "s3" (list 443) "amqp" (list 5672) "amqps" (list 5671) "smtp" (list 25 587) "smtps" (list 465) -}}
{{- $variables := dict "USERS_URL" (list 5432 3306 27017) "LIBRARY_URL" (list 5432 3306 27017) "NOTIFICATIONS_URL" (list 5432 3306) "BLOBS_URL" (list 443 9000 27017) "BROKER_URL" (list 5672 5671) "SMTP_URL" (list 25 465 587) -}}
{{- $inner := regexReplaceAll "publicEndpoint=[^&]*" .url "" -}}
{{- $ports := list -}}
{{- range regexFindAll "(:|%3A)[0-9]{2,5}([,/?&%]|$)" $inner -1 -}}
  {{- $ports = append $ports (regexFind "[0-9]{2,5}$" (regexReplaceAll "%3A|[^0-9]" . "") | int) -}}
{{- end -}}
{{- if not .url -}}{{ get $variables .variable | toJson }}
{{- else -}}{{ $ports | uniq | default (get $schemes (regexFind "^[a-z0-9+]+" .url) | default (list)) | toJson }}
{{- end -}}
{{- end }}

{{/* The parts that a service uses, by name, as JSON. dict root service */}}
{{- define "soundlift.partsOf" -}}
{{- $uses := dict "gateway" (list "library" "blobs" "broker") "auth" (list "users") "converter" (list "library" "blobs" "broker") "notification" (list "library" "blobs" "broker" "notifications" "smtp") "migration" (list "users" "library" "notifications") "test" (list) -}}
{{- $parts := include "soundlift.parts" .root | fromJson -}}
{{- $used := dict -}}
{{- range get $uses .service -}}
  {{- with get $parts . -}}{{- $_ := set $used .variable . -}}{{- end -}}
{{- end -}}
{{ $used | toJson }}
{{- end }}

{{/* The back ends that a service reaches, or all that are brought without `service`. dict root [service] */}}
{{- define "soundlift.reached" -}}
{{- $parts := dict -}}
{{- if .service -}}{{- $parts = include "soundlift.partsOf" . | fromJson -}}
{{- else -}}{{- $parts = include "soundlift.parts" .root | fromJson -}}{{- end -}}
{{- $names := list -}}
{{- range $parts -}}{{- with .server -}}{{- $names = append $names . -}}{{- end -}}{{- end -}}
{{ $names | uniq | sortAlpha | toJson }}
{{- end }}
