-- Generated from queries/functions, queries/views and queries/rules: removes the schema "delegation" and its results.
-- Synced tables stay, and so do results of other packs.
begin;

set local client_min_messages = warning;
do $lock$ begin perform pg_advisory_xact_lock(hashtext('delegation.install')); end $lock$;

do $rules$ declare rule text; begin for rule in select relname from pg_catalog.pg_class where relnamespace = to_regnamespace('delegation') and relname like 'rule\_%' loop execute format('drop view delegation.%I', rule); end loop; end $rules$;
drop view if exists delegation.rules;
drop view if exists delegation.service_linked_roles;
drop view if exists delegation.account_guardrails;
drop view if exists delegation.guardrails;
drop view if exists delegation.guardrail_actions;
drop view if exists delegation.waivers;
drop view if exists delegation.approvals;
drop view if exists delegation.expected;
drop view if exists delegation.unseen_delegations;
drop view if exists delegation.open_questions;
drop view if exists delegation.service_regions;
drop view if exists delegation.enabled_regions;
drop view if exists delegation.holders;
drop view if exists delegation.delegations;
drop view if exists delegation.service_administrators;
drop view if exists delegation.resource_policy_principals;
drop view if exists delegation.resource_policy_statements;
drop view if exists delegation.resource_policies;
drop view if exists delegation.resource_policy_grants;
drop view if exists delegation.trusted_access;
drop view if exists delegation.expected_owners;
drop view if exists delegation.services;
drop view if exists delegation.service_principals;
drop view if exists delegation.owners;
drop view if exists delegation.owner_accounts;
drop view if exists delegation.accounts;
drop view if exists delegation.organizational_units;
drop view if exists delegation.settings;
drop view if exists delegation.organizations;
drop view if exists delegation.table_reads;
drop view if exists delegation.reads;
drop view if exists delegation.stale_tables;
drop view if exists delegation.current_row_counts;
drop view if exists delegation.current_aws_auditmanager_organization_admin_accounts;
drop view if exists delegation.current_aws_cloudtrail_event_data_stores;
drop view if exists delegation.current_aws_cloudtrail_trails;
drop view if exists delegation.current_aws_delegation_approvals;
drop view if exists delegation.current_aws_delegation_expectations;
drop view if exists delegation.current_aws_delegation_owners;
drop view if exists delegation.current_aws_delegation_reads;
drop view if exists delegation.current_aws_delegation_services;
drop view if exists delegation.current_aws_delegation_settings;
drop view if exists delegation.current_aws_delegation_waivers;
drop view if exists delegation.current_aws_detective_organization_admin_accounts;
drop view if exists delegation.current_aws_ec2_ipams;
drop view if exists delegation.current_aws_ec2_regions;
drop view if exists delegation.current_aws_fms_organization_admin_accounts;
drop view if exists delegation.current_aws_guardduty_organization_admin_accounts;
drop view if exists delegation.current_aws_iam_organizations_features;
drop view if exists delegation.current_aws_iam_service_linked_roles;
drop view if exists delegation.current_aws_inspector2_organization_admin_accounts;
drop view if exists delegation.current_aws_macie2_organization_admin_accounts;
drop view if exists delegation.current_aws_networkmanager_organization_service_access;
drop view if exists delegation.current_aws_organization_resource_policies;
drop view if exists delegation.current_aws_organization_resource_policy_statements;
drop view if exists delegation.current_aws_organizations;
drop view if exists delegation.current_aws_organizations_account_parents;
drop view if exists delegation.current_aws_organizations_accounts;
drop view if exists delegation.current_aws_organizations_delegated_administrators;
drop view if exists delegation.current_aws_organizations_delegated_services;
drop view if exists delegation.current_aws_organizations_handshakes;
drop view if exists delegation.current_aws_organizations_organizational_unit_parents;
drop view if exists delegation.current_aws_organizations_organizational_units;
drop view if exists delegation.current_aws_organizations_policies;
drop view if exists delegation.current_aws_organizations_policy_targets;
drop view if exists delegation.current_aws_organizations_roots;
drop view if exists delegation.current_aws_organizations_service_access;
drop view if exists delegation.current_aws_securityhub_organization_admin_accounts;
drop view if exists delegation.newest_syncs;
drop view if exists delegation.pack_columns;
drop view if exists delegation.pack;
drop function if exists delegation.keep_results(text[]);
drop function if exists delegation.waiver_states(uuid[]);
drop function if exists delegation.judge(text[]);
drop function if exists delegation.raw_verdicts(text[]);
drop function if exists delegation.broken_rule(text, text, text);
drop function if exists delegation.guardrail_verdicts(text);
drop function if exists delegation.guardrail_classes(text);
drop function if exists delegation.resource_may_match(text[], text[], text[]);
drop function if exists delegation.asked_organizations(text[]);
drop function if exists delegation.judge_reads();
drop function if exists delegation.policy_conditions(jsonb);
drop function if exists delegation.policy_statements(jsonb);
drop function if exists delegation.action_matches(text, text[]);
drop function if exists delegation.is_text_list(jsonb);
drop function if exists delegation.text_list(jsonb);
drop function if exists delegation.as_list(jsonb);
drop function if exists delegation.has_key_twice(jsonb);
drop function if exists delegation.lower_keys(jsonb);
drop function if exists delegation.read_problem(text, text, text, text, text, text, text);
drop function if exists delegation.is_below(text, text, text);
drop function if exists delegation.account_label(text, text, text);
drop function if exists delegation.like_pattern(text);
drop function if exists delegation.like_literal(text);
drop schema if exists delegation;

do $results$
begin
    if pg_catalog.to_regclass('aws_policy_results') is not null then
        delete from aws_policy_results where framework = 'aws_delegation';
        if not exists (select from aws_policy_results) then
            drop table aws_policy_results;
        end if;
    end if;
    drop table if exists aws_policy_result_changes;
end
$results$;

commit;
