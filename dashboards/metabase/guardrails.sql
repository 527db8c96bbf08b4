-- Guardrails: one row is accounts that are under the same policies, and a control: what a guardrail is to protect.
-- Made by `npm run generate` from dashboards/queries/guardrails.sql.
select *
from (
    select
        coalesce(class_guardrails.organization_id, 'not read') as organization_id,
        class_guardrails.source_name,
        class_guardrails.control,
        class_guardrails.service_id,
        class_guardrails.ou_path,
        class_guardrails.denial,
        cardinality(class_guardrails.account_ids) as accounts,
        array_to_string(class_guardrails.account_names[1:10], ', ') || case when cardinality(class_guardrails.account_names) > 10 then ', ...' else '' end as account_names,
        array_to_string(class_guardrails.actions_not_denied, ', ') as actions_not_denied,
        class_guardrails.reason,
        class_guardrails.unknown_cause
    from delegation.class_guardrails
) as guardrails
[[where organization_id = {{organization}}]]
