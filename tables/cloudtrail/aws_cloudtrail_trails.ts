import {
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  type GetTrailStatusResponse,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { boolean, defineTable, text, timestamp } from '../../src/schema/index.js';

type TrailWithStatus = Trail & Omit<GetTrailStatusResponse, '$metadata'>;

export const cloudtrailTrails = defineTable<TrailWithStatus>()({
  name: 'aws_cloudtrail_trails',
  description:
    'Trails that the account that asked can see, in their home Region, and whether they log. One of the organization belongs to the management account, whoever made it.',
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'],
  regionalService: 'cloudtrail',
  primaryKey: ['account_id', 'region', 'trail_arn'],
  columns: {
    trail_arn: text('TrailARN', 'ARN of the trail.'),
    name: text('Name', 'Name of the trail.'),
    home_region: text('HomeRegion', 'Region in which the trail was made.'),
    is_organization_trail: boolean('IsOrganizationTrail', 'True for a trail of all accounts of the organization.'),
    is_multi_region_trail: boolean('IsMultiRegionTrail', 'True for a trail of all Regions.'),
    include_global_service_events: boolean(
      'IncludeGlobalServiceEvents',
      'True where global services such as IAM are logged.',
    ),
    log_file_validation_enabled: boolean('LogFileValidationEnabled', 'True where changed log files can be noticed.'),
    is_logging: boolean('IsLogging', 'True where the trail logs now; null where its status was not read.'),
    start_logging_time: timestamp('StartLoggingTime', 'When logging was last switched on, in UTC.'),
    stop_logging_time: timestamp('StopLoggingTime', 'When logging was last switched off, in UTC.'),
    latest_delivery_time: timestamp('LatestDeliveryTime', 'When log files last went to S3, in UTC.'),
    latest_delivery_error: text('LatestDeliveryError', "S3's error when it last failed."),
    latest_digest_delivery_time: timestamp('LatestDigestDeliveryTime', 'When a digest last went to S3, in UTC.'),
    latest_digest_delivery_error: text('LatestDigestDeliveryError', "S3's error when a digest last failed."),
    latest_cloud_watch_logs_delivery_time: timestamp(
      'LatestCloudWatchLogsDeliveryTime',
      'When events last went to CloudWatch Logs, in UTC.',
    ),
    latest_cloud_watch_logs_delivery_error: text(
      'LatestCloudWatchLogsDeliveryError',
      "CloudWatch Logs' error when it last failed.",
    ),
    latest_notification_time: timestamp('LatestNotificationTime', 'When SNS was last told, in UTC.'),
    latest_notification_error: text('LatestNotificationError', "SNS's error when it last failed."),
    s3_bucket_name: text('S3BucketName', 'Bucket of the log files.'),
    s3_key_prefix: text('S3KeyPrefix', 'Prefix of the log files.'),
    sns_topic_name: text('SnsTopicName', 'Deprecated by AWS; see sns_topic_arn.'),
    sns_topic_arn: text('SnsTopicARN', 'Topic that is told of log files.'),
    cloud_watch_logs_log_group_arn: text('CloudWatchLogsLogGroupArn', 'Log group that events go to.'),
    cloud_watch_logs_role_arn: text('CloudWatchLogsRoleArn', 'Role with which they go there.'),
    kms_key_id: text('KmsKeyId', 'Key with which log files are encrypted.'),
    has_custom_event_selectors: boolean(
      'HasCustomEventSelectors',
      'True where the trail does not log the default events.',
    ),
    has_insight_selectors: boolean('HasInsightSelectors', 'True where CloudTrail Insights is on.'),
    recursive_logging: boolean('RecursiveLogging', 'As AWS tells it.'),
  },
  omit: {
    LatestDeliveryAttemptTime: 'AWS no longer uses it',
    LatestDeliveryAttemptSucceeded: 'AWS no longer uses it',
    LatestNotificationAttemptTime: 'AWS no longer uses it',
    LatestNotificationAttemptSucceeded: 'AWS no longer uses it',
    TimeLoggingStarted: 'AWS no longer uses it',
    TimeLoggingStopped: 'AWS no longer uses it',
  },
  async *list({ cloudtrail, region }) {
    // Region by Region, although ListTrails is one call: it "lists trails that are in the current account", and no page of AWS
    // says that this reaches over Regions, while a trail of one Region can be viewed "only in that Region".
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts-trails-managing-and-using.html
    // A lost trail is worse than one quick call per Region.
    //
    // With shadow trails, because an organization trail is nothing else to a member, its delegate included, in any Region.
    // The same trail again in each further Region is left out.
    const { trailList } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
    for (const trail of trailList ?? []) {
      if (trail.HomeRegion === undefined || trail.HomeRegion === region) yield trail;
    }
  },
  detail: {
    scopeColumn: 'trail_arn',
    scope: ({ TrailARN }) => TrailARN ?? '',
    async read({ cloudtrail }, { TrailARN }) {
      return cloudtrail.send(new GetTrailStatusCommand({ Name: TrailARN }));
    },
  },
});
