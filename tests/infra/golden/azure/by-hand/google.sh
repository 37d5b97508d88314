#!/usr/bin/env bash
# Rights on buckets of Google Cloud Storage. With 'undo' as its argument they are taken away.
# MEMBER, where it is asked for, is who the app is there: principal://iam.googleapis.com/<pool>/subject/<object id of its identity>
set -euo pipefail
action=add-iam-policy-binding
if [ "${1:-}" = undo ]; then action=remove-iam-policy-binding; fi

grant() { # bucket, member, role
  member=$2
  if [ "$member" = MEMBER ]; then member=${MEMBER:?}; fi
  gcloud storage buckets "$action" "gs://$1" --member="$member" --role="$3"
}

grant 'clicks' 'serviceAccount:hygge@northwind.iam.gserviceaccount.com' 'roles/storage.objectViewer'
