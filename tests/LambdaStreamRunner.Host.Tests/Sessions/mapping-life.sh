#!/usr/bin/env bash
# The life of a mapping with nothing but the aws CLI: each line it prints is what AWS shows.
# Usage: mapping-life.sh ENDPOINT   (of a run whose configuration has the function Clicks and an endpoint for SQS)
set -euo pipefail
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1 AWS_PAGER=
export AWS_EC2_METADATA_DISABLED=true
kinesis() { /usr/bin/aws --endpoint-url "$endpoint" kinesis "$@"; }
lambda() { /usr/bin/aws --endpoint-url "$endpoint" --output text lambda "$@"; }
endpoint=$1
stream=arn:aws:kinesis:us-east-1:000000000000:stream/session

put() {  # put KEY KIND...
  local key=$1 records=() kind; shift
  for kind in "$@"; do records+=("{\"PartitionKey\":\"$key\",\"Data\":\"{\\\"kind\\\":\\\"$kind\\\"}\"}"); done
  (IFS=,; kinesis put-records --cli-binary-format raw-in-base64-out --stream-name session --records "[${records[*]}]" --query FailedRecordCount)
}

state_becomes() {  # waits for a state, and prints it
  local state=
  for _ in $(seq 100); do
    state=$(lambda get-event-source-mapping --uuid "$uuid" --query State)
    [ "$state" = "$1" ] && break
  done
  echo "state: $state"
}

kinesis create-stream --stream-name session --shard-count 2
kinesis wait stream-exists --stream-name session
created=$(lambda create-event-source-mapping --function-name Clicks --event-source-arn "$stream" --starting-position TRIM_HORIZON \
  --batch-size 10 --parallelization-factor 10 --bisect-batch-on-function-error --maximum-retry-attempts 0 \
  --filter-criteria '{"Filters":[{"Pattern":"{\"data\":{\"kind\":[\"order\",\"poison\"]}}"}]}' \
  --destination-config '{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:000000000000:failed"}}' \
  --query '[UUID,State,BatchSize,ParallelizationFactor,BisectBatchOnFunctionError,FilterCriteria.Filters[0].Pattern,DestinationConfig.OnFailure.Destination]')
uuid=$(cut -f1 <<<"$created")
echo "created: $(cut -f2- <<<"$created" | tr '\t' ' ')"
state_becomes Enabled
echo "put: $(put order-1 order order visit order) failed"
echo "put: $(put poison poison) failed"
kinesis update-shard-count --stream-name session --target-shard-count 4 --scaling-type UNIFORM_SCALING --query '[CurrentShardCount,TargetShardCount]' --output text |
  sed 's/^/reshard: /; s/\t/ to /'
kinesis wait stream-exists --stream-name session
echo "put: $(put order-1 order order) failed"
echo "updated: $(lambda update-event-source-mapping --uuid "$uuid" --batch-size 5 --query '[State,BatchSize]' | tr '\t' ' ')"
state_becomes Enabled
echo "listed: $(lambda list-event-source-mappings --function-name Clicks --query 'EventSourceMappings[*].BatchSize')"
echo "disabled: $(lambda update-event-source-mapping --uuid "$uuid" --no-enabled --query State)"
state_becomes Disabled
echo "put: $(put order-2 order order) failed"
echo "enabled: $(lambda update-event-source-mapping --uuid "$uuid" --enabled --query State)"
state_becomes Enabled
[ -z "${BEFORE_DELETE:-}" ] || eval "$BEFORE_DELETE"
echo "deleted: $(lambda delete-event-source-mapping --uuid "$uuid" --query State)"
for _ in $(seq 100); do
  gone=$(lambda get-event-source-mapping --uuid "$uuid" --query State 2>&1) || break
done
echo "then: $(tr -d '\n' <<<"$gone")"
