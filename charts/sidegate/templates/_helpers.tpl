{{/* Labels of every object; Helm adds who manages it. Call with (dict "root" $ "component" "operator"). */}}
{{- define "sidegate.labels" -}}
{{ include "sidegate.selector" . }}
app.kubernetes.io/part-of: sidegate
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What selects pods: no release in it, so that another way of installing goes on with the same Deployment. */}}
{{- define "sidegate.selector" -}}
app.kubernetes.io/name: sidegate
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "sidegate.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The account that the operator's requests come from. */}}
{{- define "sidegate.username" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ .Values.serviceAccount.name }}
{{- end -}}

{{/* The kinds of a domain. Those of the second list administer it: `edit` does not write them (semantics, section 8). */}}
{{- define "sidegate.contentKinds" -}}
[organizations, workspaces, environments, memberships, accessgroups, accessroles, accessrolebindings]
{{- end -}}
{{- define "sidegate.domainKinds" -}}
[accessdomains, permissioncatalogs, accessconstraints, tokenpolicies]
{{- end -}}

{{/* All that Pod Security "restricted" asks of a container, and a root file system that nobody writes. */}}
{{- define "sidegate.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
{{- end -}}
{{- define "sidegate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}
