-- All features alone do not say that SCPs are on.
select fixture.organization('ALL', null);
