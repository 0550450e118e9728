"""Data quality: what the values of the raw and the published tables must look like, and the audit that says whether.

Keys, relations and meaning are tested by dbt, item shape by Pydantic, volume by the bounds of each source.
"""
