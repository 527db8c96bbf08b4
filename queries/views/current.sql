-- Generated from the table definitions; edit src/rules/current_layer.ts, not this file.
--
-- delegation.current_<table> gives the rows of the newest sync of each source, whatever the write mode left beside them.
-- Newest is the greatest _cq_sync_time of the source in aws_delegation_reads: that table is sent last, so a sync that was
-- cut short does not count. Of an incremental table the rows of all syncs are current, each key once: in append mode, or after a
-- sync that was cut short, the same event can be there twice. The views are bound when this runs: a table that is not there yet gives an empty view, a
-- column that the table lacks gives null. delegation.reads notices when the binding is older than the tables.

create or replace view delegation.pack_columns (table_name, view_name, is_incremental, position, column_name, column_type, is_key) as
values
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 2, '_cq_source_name', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 3, '_cq_id', 'uuid', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 5, 'account_id', 'text', true),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 6, 'region', 'text', true),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 7, 'admin_account_id', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 8, 'arn', 'text', true),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 9, 'name', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 10, 'type', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 11, 'status', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 12, 'status_reason', 'jsonb', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 13, 'configuration', 'jsonb', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 14, 'managed_by', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 15, 'created_at', 'timestamp without time zone', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 16, 'last_resource_analyzed', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 17, 'last_resource_analyzed_at', 'timestamp without time zone', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 18, 'tags', 'jsonb', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 8, 'organization_id', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 2, '_cq_source_name', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 3, '_cq_id', 'uuid', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 5, 'account_id', 'text', true),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 6, 'region', 'text', true),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 7, 'event_data_store_arn', 'text', true),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 8, 'name', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 9, 'status', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 10, 'organization_enabled', 'boolean', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 11, 'multi_region_enabled', 'boolean', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 12, 'federation_status', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 13, 'federation_role_arn', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 14, 'advanced_event_selectors', 'jsonb', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 15, 'retention_period', 'integer', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 16, 'billing_mode', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 17, 'termination_protection_enabled', 'boolean', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 18, 'kms_key_id', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 19, 'partition_keys', 'jsonb', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 20, 'created_timestamp', 'timestamp without time zone', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 21, 'updated_timestamp', 'timestamp without time zone', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 2, '_cq_source_name', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 3, '_cq_id', 'uuid', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 4, '_cq_parent_id', 'uuid', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 5, 'account_id', 'text', true),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 6, 'region', 'text', true),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 7, 'recipient_account_id', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 8, 'event_id', 'text', true),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 9, 'event_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 10, 'event_name', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 11, 'event_source', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 12, 'read_only', 'boolean', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 13, 'username', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 14, 'access_key_id', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 15, 'user_identity', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 16, 'source_ip_address', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 17, 'user_agent', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 18, 'error_code', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 19, 'error_message', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 20, 'request_parameters', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 21, 'response_elements', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 22, 'resources', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 23, 'cloud_trail_event', 'jsonb', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 2, '_cq_source_name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 3, '_cq_id', 'uuid', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 5, 'account_id', 'text', true),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 6, 'region', 'text', true),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 7, 'trail_arn', 'text', true),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 8, 'name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 9, 'home_region', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 10, 'is_organization_trail', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 11, 'is_multi_region_trail', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 12, 'include_global_service_events', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 13, 'log_file_validation_enabled', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 14, 'is_logging', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 15, 'start_logging_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 16, 'stop_logging_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 17, 'latest_delivery_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 18, 'latest_delivery_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 19, 'latest_digest_delivery_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 20, 'latest_digest_delivery_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 21, 'latest_cloud_watch_logs_delivery_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 22, 'latest_cloud_watch_logs_delivery_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 23, 'latest_notification_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 24, 'latest_notification_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 25, 's3_bucket_name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 26, 's3_key_prefix', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 27, 'sns_topic_name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 28, 'sns_topic_arn', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 29, 'cloud_watch_logs_log_group_arn', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 30, 'cloud_watch_logs_role_arn', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 31, 'kms_key_id', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 32, 'has_custom_event_selectors', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 33, 'has_insight_selectors', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 34, 'recursive_logging', 'boolean', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 2, '_cq_source_name', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 3, '_cq_id', 'uuid', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 5, 'account_id', 'text', true),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 6, 'region', 'text', true),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 7, 'admin_account_id', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 8, 'configuration_aggregator_arn', 'text', true),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 9, 'configuration_aggregator_name', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 10, 'organization_aggregation_source', 'jsonb', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 11, 'account_aggregation_sources', 'jsonb', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 12, 'aggregator_filters', 'jsonb', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 13, 'created_by', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 14, 'creation_time', 'timestamp without time zone', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 15, 'last_updated_time', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 5, 'account_id', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 6, 'kind', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 7, 'service', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 8, 'principal', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 9, 'method', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 10, 'region', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 11, 'action', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 12, 'approved_by', 'text', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 13, 'approved_on', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 14, 'review_by', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 15, 'reason', 'text', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 5, 'account_id', 'text', true),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 6, 'service_id', 'text', true),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 7, 'owner', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 5, 'account_id', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 6, 'owner', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 7, 'selector_type', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 8, 'selector', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 5, 'account_id', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 6, 'region', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 7, 'table_name', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 8, 'operation', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 9, 'scope', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 10, 'service', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 11, 'outcome', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 12, 'error_code', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 13, 'error_message', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 14, 'request_count', 'bigint', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 15, 'row_count', 'bigint', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 16, 'started_at', 'timestamp without time zone', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 17, 'duration_ms', 'bigint', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 5, 'account_id', 'text', true),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 6, 'service_id', 'text', true),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 7, 'name', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 8, 'category', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 9, 'is_security_service', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 10, 'is_delegation_supported', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 11, 'service_principals', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 12, 'methods', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 13, 'is_regional', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 14, 'admin_table_name', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 15, 'admin_read_scope', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 16, 'service_regions', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 17, 'max_delegated_admins', 'bigint', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 18, 'management_account_may_be_admin', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 19, 'must_be_same_account_across_regions', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 20, 'recommended_owners', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 21, 'register_action', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 22, 'deregister_action', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 23, 'list_admin_action', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 24, 'register_command', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 25, 'deregister_command', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 26, 'service_linked_roles', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 27, 'administrator_power', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 28, 'administrator_can', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 29, 'administrator_cannot', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 30, 'notes', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 31, 'confidence', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 32, 'sources', 'jsonb', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 5, 'account_id', 'text', true),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 6, 'workload_ous', 'jsonb', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 7, 'allowed_regions', 'jsonb', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 8, 'separation_of_duties', 'boolean', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 9, 'max_age_hours', 'integer', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 10, 'has_approvals', 'boolean', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 11, 'events_lookback_days', 'integer', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 5, 'account_id', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 6, 'rule', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 7, 'resource', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 8, 'waived_account_id', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 9, 'region', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 10, 'reason', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 11, 'owner', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 12, 'ticket', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 13, 'approved_by', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 14, 'expires', 'timestamp without time zone', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 8, 'graph_arn', 'text', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 9, 'delegation_time', 'timestamp without time zone', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 8, 'graph_arn', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 9, 'auto_enable', 'boolean', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 2, '_cq_source_name', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 3, '_cq_id', 'uuid', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 5, 'account_id', 'text', true),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 6, 'region', 'text', true),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 7, 'ipam_arn', 'text', true),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 8, 'ipam_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 9, 'owner_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 10, 'ipam_region', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 11, 'operating_regions', 'jsonb', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 12, 'state', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 13, 'state_message', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 14, 'tier', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 15, 'description', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 16, 'public_default_scope_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 17, 'private_default_scope_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 18, 'scope_count', 'integer', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 19, 'default_resource_discovery_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 20, 'default_resource_discovery_association_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 21, 'resource_discovery_association_count', 'integer', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 22, 'enable_private_gua', 'boolean', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 23, 'metered_account', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 24, 'tags', 'jsonb', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 2, '_cq_source_name', 'text', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 3, '_cq_id', 'uuid', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 5, 'account_id', 'text', true),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 6, 'region_name', 'text', true),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 7, 'endpoint', 'text', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 8, 'opt_in_status', 'text', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 9, 'geography', 'jsonb', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 8, 'default_admin', 'boolean', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 9, 'admin_status', 'text', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 10, 'role_status', 'text', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 11, 'admin_scope', 'jsonb', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 12, 'scope_status', 'text', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 8, 'detector_id', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 9, 'auto_enable_organization_members', 'text', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 10, 'auto_enable', 'boolean', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 11, 'member_account_limit_reached', 'boolean', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 12, 'features', 'jsonb', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 13, 'data_sources', 'jsonb', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 2, '_cq_source_name', 'text', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 3, '_cq_id', 'uuid', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 5, 'account_id', 'text', true),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 6, 'organization_id', 'text', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 7, 'feature', 'text', true),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 2, '_cq_source_name', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 3, '_cq_id', 'uuid', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 5, 'account_id', 'text', true),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 6, 'arn', 'text', true),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 7, 'role_name', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 8, 'role_id', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 9, 'path', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 10, 'create_date', 'timestamp without time zone', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 11, 'description', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 12, 'assume_role_policy_document', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 13, 'max_session_duration', 'integer', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 14, 'source_role_template', 'jsonb', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 9, 'relationship_status', 'text', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 10, 'delegated_admin_account_id', 'text', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 8, 'auto_enable', 'jsonb', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 9, 'max_account_limit_reached', 'boolean', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 8, 'auto_enable', 'boolean', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 9, 'max_account_limit_reached', 'boolean', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 2, '_cq_source_name', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 3, '_cq_id', 'uuid', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 5, 'account_id', 'text', true),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 6, 'region', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 7, 'organization_id', 'text', true),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 8, 'organization_aws_service_access_status', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 9, 'slr_deployment_status', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 10, 'account_status_list', 'jsonb', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 2, '_cq_source_name', 'text', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 3, '_cq_id', 'uuid', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 5, 'account_id', 'text', true),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 6, 'content', 'text', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 7, 'resource_policy_summary', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 2, '_cq_source_name', 'text', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 3, '_cq_id', 'uuid', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 5, 'account_id', 'text', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 6, 'statement_index', 'integer', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 7, 'principal_type', 'text', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 8, 'principal', 'text', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 9, 'is_not_principal', 'boolean', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 10, 'sid', 'text', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 11, 'effect', 'text', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 12, 'actions', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 13, 'not_actions', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 14, 'resources', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 15, 'not_resources', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 16, 'condition', 'jsonb', false),
    ('aws_organizations', 'current_aws_organizations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations', 'current_aws_organizations', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations', 'current_aws_organizations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations', 'current_aws_organizations', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations', 'current_aws_organizations', false, 6, 'arn', 'text', true),
    ('aws_organizations', 'current_aws_organizations', false, 7, 'feature_set', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 8, 'id', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 9, 'master_account_arn', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 10, 'master_account_email', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 11, 'master_account_id', 'text', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 6, 'id', 'text', true),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 7, 'parent_id', 'text', true),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 8, 'type', 'text', true),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 6, 'arn', 'text', true),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 7, 'id', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 8, 'email', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 9, 'name', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 10, 'status', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 11, 'state', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 12, 'paths', 'jsonb', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 13, 'joined_method', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 14, 'joined_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 15, 'parent_id', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 16, 'ou_path', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 17, 'tags', 'jsonb', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 5, 'account_id', 'text', true),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 6, 'arn', 'text', true),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 7, 'delegation_enabled_date', 'timestamp without time zone', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 8, 'email', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 9, 'id', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 10, 'joined_method', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 11, 'joined_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 12, 'name', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 13, 'status', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 14, 'state', 'text', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 5, 'account_id', 'text', true),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 6, 'delegated_account_id', 'text', true),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 7, 'delegation_enabled_date', 'timestamp without time zone', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 8, 'service_principal', 'text', true),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 5, 'account_id', 'text', true),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 6, 'id', 'text', true),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 7, 'arn', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 8, 'parties', 'jsonb', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 9, 'state', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 10, 'requested_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 11, 'expiration_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 12, 'action', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 13, 'resources', 'jsonb', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 6, 'id', 'text', true),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 7, 'parent_id', 'text', true),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 8, 'type', 'text', true),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 6, 'arn', 'text', true),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 7, 'id', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 8, 'name', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 9, 'parent_id', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 10, 'path', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 11, 'ou_path', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 5, 'account_id', 'text', true),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 6, 'arn', 'text', true),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 7, 'id', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 8, 'name', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 9, 'description', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 10, 'type', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 11, 'aws_managed', 'boolean', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 12, 'content', 'jsonb', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 13, 'content_text', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 5, 'account_id', 'text', true),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 6, 'policy_id', 'text', true),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 7, 'target_id', 'text', true),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 8, 'arn', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 9, 'name', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 10, 'target_type', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 6, 'arn', 'text', true),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 7, 'id', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 8, 'name', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 9, 'policy_types', 'jsonb', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 10, 'tags', 'jsonb', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 5, 'account_id', 'text', true),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 6, 'service_principal', 'text', true),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 7, 'date_enabled', 'timestamp without time zone', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 9, 'feature', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 8, 'auto_enable', 'boolean', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 9, 'auto_enable_standards', 'text', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 10, 'member_account_limit_reached', 'boolean', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 11, 'organization_configuration', 'jsonb', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 8, 'auto_enable_new_account', 'jsonb', false);
comment on view delegation.pack_columns is 'The tables and columns that this version of the views knows.';
comment on column delegation.pack_columns.table_name is 'Name of the synced table.';
comment on column delegation.pack_columns.view_name is 'Name of the view with its current rows, in schema delegation.';
comment on column delegation.pack_columns.is_incremental is 'True where rows of all syncs are current.';
comment on column delegation.pack_columns.position is 'Place of the column.';
comment on column delegation.pack_columns.column_name is 'Name of the column.';
comment on column delegation.pack_columns.column_type is 'Its PostgreSQL type.';
comment on column delegation.pack_columns.is_key is 'True where it is a part of the primary key.';

do $install$
declare
    live_schema constant text := pg_catalog.current_schema();
    live_reads regclass;
    pack_table record;
    live_table regclass;
    select_list text;
    key_list text;
begin
    if live_schema is null or live_schema = 'delegation' then
        raise exception 'The views are to be bound to the tables of the current schema, but search_path gives %.', coalesce('"' || live_schema || '"', 'none')
            using hint = 'Set search_path to the schema that the sync writes to, usually public.';
    end if;

    live_reads := pg_catalog.to_regclass(format('%I.aws_delegation_reads', live_schema));
    execute 'create or replace view delegation.newest_syncs (source_name, sync_time) as ' || case
        when live_reads is null then 'select null::text, null::timestamp without time zone where false'
        else format('select live._cq_source_name, max(live._cq_sync_time) from %s as live where live._cq_source_name is not null group by live._cq_source_name', live_reads)
    end;
    comment on view delegation.newest_syncs is 'The newest complete sync of each source.';
    comment on column delegation.newest_syncs.source_name is 'Name of the source in its spec.';
    comment on column delegation.newest_syncs.sync_time is 'Time of the sync, in UTC.';

    for pack_table in
        select distinct pack_columns.table_name, pack_columns.view_name, pack_columns.is_incremental
        from delegation.pack_columns
        order by pack_columns.table_name
    loop
        -- Without these two nothing can be called current, as in a table that another tool has made.
        live_table := (
            select pg_attribute.attrelid
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = pg_catalog.to_regclass(format('%I.%I', live_schema, pack_table.table_name))
                and pg_attribute.attname in ('_cq_sync_time', '_cq_source_name')
            group by pg_attribute.attrelid
            having count(*) = 2
        );

        -- A view can only be replaced by one that has the same columns first, so the ones it has keep their place.
        with existing as (
            select pg_attribute.attname::text as column_name, pg_attribute.attnum as position, pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = pg_catalog.to_regclass(format('delegation.%I', pack_table.view_name))
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
        ),
        wanted as (
            select pack_columns.column_name, pack_columns.column_type, pack_columns.position, pack_columns.is_key
            from delegation.pack_columns
            where pack_columns.table_name = pack_table.table_name
        ),
        live as (
            select pg_attribute.attname::text as column_name, pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = live_table
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
        ),
        chosen as (
            select
                coalesce(wanted.column_name, existing.column_name) as column_name,
                coalesce(wanted.column_type, existing.column_type) as column_type,
                existing.position as kept_position,
                wanted.position as new_position,
                coalesce(wanted.is_key, false) as is_key
            from wanted
            full join existing on existing.column_name = wanted.column_name
        )
        select string_agg(
            case
                when live.column_name is null then format('null::%s as %I', chosen.column_type, chosen.column_name)
                when live.column_type = chosen.column_type then format('live.%I', chosen.column_name)
                else format('live.%1$I::%2$s as %1$I', chosen.column_name, chosen.column_type)
            end,
            ', ' order by chosen.kept_position nulls last, chosen.new_position
        ),
        -- Without all of its columns there is no key by which rows could be told apart.
        case
            when bool_and(live.column_name is not null) filter (where chosen.is_key)
                then string_agg(format('live.%I', chosen.column_name), ', ' order by chosen.new_position) filter (where chosen.is_key)
        end
        into select_list, key_list
        from chosen
        left join live on live.column_name = chosen.column_name;

        execute format(
            'create or replace view delegation.%I as select %s %s %s',
            pack_table.view_name,
            case when pack_table.is_incremental and key_list is not null then format('distinct on (live._cq_source_name, %s)', key_list) end,
            select_list,
            case
                when live_table is null then 'where false'
                when pack_table.is_incremental and key_list is not null then format('from %1$s as live order by live._cq_source_name, %2$s, live._cq_sync_time desc', live_table, key_list)
                when pack_table.is_incremental then format('from %s as live', live_table)
                else format('from %s as live join delegation.newest_syncs on newest_syncs.source_name = live._cq_source_name and newest_syncs.sync_time = live._cq_sync_time', live_table)
            end
        );
        -- Without statistics PostgreSQL takes a table that was just filled for one of a few rows, and its joins take minutes.
        if live_table is not null
            and (select pg_has_role(pg_class.relowner, 'USAGE') from pg_catalog.pg_class where pg_class.oid = live_table and pg_class.relkind = 'r')
            and (
                select coalesce(pg_stat_all_tables.last_analyze, pg_stat_all_tables.last_autoanalyze) is null
                from pg_catalog.pg_stat_all_tables
                where pg_stat_all_tables.relid = live_table
            )
        then
            -- Whoever vacuums or analyzes it at this moment is not waited for.
            execute format('analyze (skip_locked) %s', live_table);
        end if;

        execute format('comment on view delegation.%I is %L', pack_table.view_name, format('The current rows of %s.', pack_table.table_name));
    end loop;
end
$install$;

do $comments$
declare
    pack_column record;
begin
    for pack_column in
        select pack_columns.table_name, pack_columns.view_name, pack_columns.column_name
        from delegation.pack_columns
    loop
        execute format('comment on column delegation.%I.%I is %L', pack_column.view_name, pack_column.column_name, format('As in %s.', pack_column.table_name));
    end loop;
end
$comments$;

create or replace view delegation.current_row_counts (source_name, table_name, row_count) as
select current_aws_accessanalyzer_analyzers._cq_source_name, 'aws_accessanalyzer_analyzers', count(*) from delegation.current_aws_accessanalyzer_analyzers group by current_aws_accessanalyzer_analyzers._cq_source_name
union all
select current_aws_auditmanager_organization_admin_accounts._cq_source_name, 'aws_auditmanager_organization_admin_accounts', count(*) from delegation.current_aws_auditmanager_organization_admin_accounts group by current_aws_auditmanager_organization_admin_accounts._cq_source_name
union all
select current_aws_cloudtrail_event_data_stores._cq_source_name, 'aws_cloudtrail_event_data_stores', count(*) from delegation.current_aws_cloudtrail_event_data_stores group by current_aws_cloudtrail_event_data_stores._cq_source_name
union all
select current_aws_cloudtrail_organization_events._cq_source_name, 'aws_cloudtrail_organization_events', count(*) from delegation.current_aws_cloudtrail_organization_events join delegation.newest_syncs on newest_syncs.source_name = current_aws_cloudtrail_organization_events._cq_source_name and newest_syncs.sync_time = current_aws_cloudtrail_organization_events._cq_sync_time group by current_aws_cloudtrail_organization_events._cq_source_name
union all
select current_aws_cloudtrail_trails._cq_source_name, 'aws_cloudtrail_trails', count(*) from delegation.current_aws_cloudtrail_trails group by current_aws_cloudtrail_trails._cq_source_name
union all
select current_aws_config_configuration_aggregators._cq_source_name, 'aws_config_configuration_aggregators', count(*) from delegation.current_aws_config_configuration_aggregators group by current_aws_config_configuration_aggregators._cq_source_name
union all
select current_aws_delegation_approvals._cq_source_name, 'aws_delegation_approvals', count(*) from delegation.current_aws_delegation_approvals group by current_aws_delegation_approvals._cq_source_name
union all
select current_aws_delegation_expectations._cq_source_name, 'aws_delegation_expectations', count(*) from delegation.current_aws_delegation_expectations group by current_aws_delegation_expectations._cq_source_name
union all
select current_aws_delegation_owners._cq_source_name, 'aws_delegation_owners', count(*) from delegation.current_aws_delegation_owners group by current_aws_delegation_owners._cq_source_name
union all
select current_aws_delegation_reads._cq_source_name, 'aws_delegation_reads', count(*) from delegation.current_aws_delegation_reads group by current_aws_delegation_reads._cq_source_name
union all
select current_aws_delegation_services._cq_source_name, 'aws_delegation_services', count(*) from delegation.current_aws_delegation_services group by current_aws_delegation_services._cq_source_name
union all
select current_aws_delegation_settings._cq_source_name, 'aws_delegation_settings', count(*) from delegation.current_aws_delegation_settings group by current_aws_delegation_settings._cq_source_name
union all
select current_aws_delegation_waivers._cq_source_name, 'aws_delegation_waivers', count(*) from delegation.current_aws_delegation_waivers group by current_aws_delegation_waivers._cq_source_name
union all
select current_aws_detective_organization_admin_accounts._cq_source_name, 'aws_detective_organization_admin_accounts', count(*) from delegation.current_aws_detective_organization_admin_accounts group by current_aws_detective_organization_admin_accounts._cq_source_name
union all
select current_aws_detective_organization_configurations._cq_source_name, 'aws_detective_organization_configurations', count(*) from delegation.current_aws_detective_organization_configurations group by current_aws_detective_organization_configurations._cq_source_name
union all
select current_aws_ec2_ipams._cq_source_name, 'aws_ec2_ipams', count(*) from delegation.current_aws_ec2_ipams group by current_aws_ec2_ipams._cq_source_name
union all
select current_aws_ec2_regions._cq_source_name, 'aws_ec2_regions', count(*) from delegation.current_aws_ec2_regions group by current_aws_ec2_regions._cq_source_name
union all
select current_aws_fms_organization_admin_accounts._cq_source_name, 'aws_fms_organization_admin_accounts', count(*) from delegation.current_aws_fms_organization_admin_accounts group by current_aws_fms_organization_admin_accounts._cq_source_name
union all
select current_aws_guardduty_organization_admin_accounts._cq_source_name, 'aws_guardduty_organization_admin_accounts', count(*) from delegation.current_aws_guardduty_organization_admin_accounts group by current_aws_guardduty_organization_admin_accounts._cq_source_name
union all
select current_aws_guardduty_organization_configurations._cq_source_name, 'aws_guardduty_organization_configurations', count(*) from delegation.current_aws_guardduty_organization_configurations group by current_aws_guardduty_organization_configurations._cq_source_name
union all
select current_aws_iam_organizations_features._cq_source_name, 'aws_iam_organizations_features', count(*) from delegation.current_aws_iam_organizations_features group by current_aws_iam_organizations_features._cq_source_name
union all
select current_aws_iam_service_linked_roles._cq_source_name, 'aws_iam_service_linked_roles', count(*) from delegation.current_aws_iam_service_linked_roles group by current_aws_iam_service_linked_roles._cq_source_name
union all
select current_aws_inspector2_organization_admin_accounts._cq_source_name, 'aws_inspector2_organization_admin_accounts', count(*) from delegation.current_aws_inspector2_organization_admin_accounts group by current_aws_inspector2_organization_admin_accounts._cq_source_name
union all
select current_aws_inspector2_organization_configurations._cq_source_name, 'aws_inspector2_organization_configurations', count(*) from delegation.current_aws_inspector2_organization_configurations group by current_aws_inspector2_organization_configurations._cq_source_name
union all
select current_aws_macie2_organization_admin_accounts._cq_source_name, 'aws_macie2_organization_admin_accounts', count(*) from delegation.current_aws_macie2_organization_admin_accounts group by current_aws_macie2_organization_admin_accounts._cq_source_name
union all
select current_aws_macie2_organization_configurations._cq_source_name, 'aws_macie2_organization_configurations', count(*) from delegation.current_aws_macie2_organization_configurations group by current_aws_macie2_organization_configurations._cq_source_name
union all
select current_aws_networkmanager_organization_service_access._cq_source_name, 'aws_networkmanager_organization_service_access', count(*) from delegation.current_aws_networkmanager_organization_service_access group by current_aws_networkmanager_organization_service_access._cq_source_name
union all
select current_aws_organization_resource_policies._cq_source_name, 'aws_organization_resource_policies', count(*) from delegation.current_aws_organization_resource_policies group by current_aws_organization_resource_policies._cq_source_name
union all
select current_aws_organization_resource_policy_statements._cq_source_name, 'aws_organization_resource_policy_statements', count(*) from delegation.current_aws_organization_resource_policy_statements group by current_aws_organization_resource_policy_statements._cq_source_name
union all
select current_aws_organizations._cq_source_name, 'aws_organizations', count(*) from delegation.current_aws_organizations group by current_aws_organizations._cq_source_name
union all
select current_aws_organizations_account_parents._cq_source_name, 'aws_organizations_account_parents', count(*) from delegation.current_aws_organizations_account_parents group by current_aws_organizations_account_parents._cq_source_name
union all
select current_aws_organizations_accounts._cq_source_name, 'aws_organizations_accounts', count(*) from delegation.current_aws_organizations_accounts group by current_aws_organizations_accounts._cq_source_name
union all
select current_aws_organizations_delegated_administrators._cq_source_name, 'aws_organizations_delegated_administrators', count(*) from delegation.current_aws_organizations_delegated_administrators group by current_aws_organizations_delegated_administrators._cq_source_name
union all
select current_aws_organizations_delegated_services._cq_source_name, 'aws_organizations_delegated_services', count(*) from delegation.current_aws_organizations_delegated_services group by current_aws_organizations_delegated_services._cq_source_name
union all
select current_aws_organizations_handshakes._cq_source_name, 'aws_organizations_handshakes', count(*) from delegation.current_aws_organizations_handshakes group by current_aws_organizations_handshakes._cq_source_name
union all
select current_aws_organizations_organizational_unit_parents._cq_source_name, 'aws_organizations_organizational_unit_parents', count(*) from delegation.current_aws_organizations_organizational_unit_parents group by current_aws_organizations_organizational_unit_parents._cq_source_name
union all
select current_aws_organizations_organizational_units._cq_source_name, 'aws_organizations_organizational_units', count(*) from delegation.current_aws_organizations_organizational_units group by current_aws_organizations_organizational_units._cq_source_name
union all
select current_aws_organizations_policies._cq_source_name, 'aws_organizations_policies', count(*) from delegation.current_aws_organizations_policies group by current_aws_organizations_policies._cq_source_name
union all
select current_aws_organizations_policy_targets._cq_source_name, 'aws_organizations_policy_targets', count(*) from delegation.current_aws_organizations_policy_targets group by current_aws_organizations_policy_targets._cq_source_name
union all
select current_aws_organizations_roots._cq_source_name, 'aws_organizations_roots', count(*) from delegation.current_aws_organizations_roots group by current_aws_organizations_roots._cq_source_name
union all
select current_aws_organizations_service_access._cq_source_name, 'aws_organizations_service_access', count(*) from delegation.current_aws_organizations_service_access group by current_aws_organizations_service_access._cq_source_name
union all
select current_aws_securityhub_organization_admin_accounts._cq_source_name, 'aws_securityhub_organization_admin_accounts', count(*) from delegation.current_aws_securityhub_organization_admin_accounts group by current_aws_securityhub_organization_admin_accounts._cq_source_name
union all
select current_aws_securityhub_organization_configurations._cq_source_name, 'aws_securityhub_organization_configurations', count(*) from delegation.current_aws_securityhub_organization_configurations group by current_aws_securityhub_organization_configurations._cq_source_name
union all
select current_aws_securitylake_organization_configurations._cq_source_name, 'aws_securitylake_organization_configurations', count(*) from delegation.current_aws_securitylake_organization_configurations group by current_aws_securitylake_organization_configurations._cq_source_name;
comment on view delegation.current_row_counts is 'How many rows of a table are of the newest sync. A source without any has no row.';
comment on column delegation.current_row_counts.source_name is 'Name of the source in its spec.';
comment on column delegation.current_row_counts.table_name is 'Name of the table.';
comment on column delegation.current_row_counts.row_count is 'Number of rows of the newest sync: of an incremental table, older ones are current as well.';
