#!/usr/bin/env bash
# Rights on buckets of Google Cloud Storage. With 'undo' as its argument they are removed.
# MEMBER, if it is required, is the name in Google of an app without a pool.
set -euo pipefail
action=add-iam-policy-binding
if [ "${1:-}" = undo ]; then action=remove-iam-policy-binding; fi

member() { # member, or a pool and the identity that it takes tokens of
  if [ "$1" = MEMBER ]; then member=${MEMBER:?}; return; fi
  member=$1
  if [ $# = 1 ]; then return; fi
  principal=$(az identity show --subscription '11111111-1111-1111-1111-111111111111' --resource-group 'northwind-prod' --name "$2" --query principalId --output tsv)
  member=principal://iam.googleapis.com/$1/subject/$principal
}

grant() { # bucket, role, member
  member "${@:3}"
  gcloud storage buckets "$action" "gs://$1" --member="$member" --role="$2"
}

act_as() { # service account, pool, identity
  member "$2" "$3"
  gcloud iam service-accounts "$action" "$1" --member="$member" --role=roles/iam.workloadIdentityUser
}

act_as 'hygge@northwind.iam.gserviceaccount.com' 'projects/123/locations/global/workloadIdentityPools/azure' 'id-northwind-from-gcs-ep2pknuq'
grant 'clicks' 'roles/storage.objectViewer' 'serviceAccount:hygge@northwind.iam.gserviceaccount.com'
