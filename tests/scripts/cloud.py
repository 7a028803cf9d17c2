import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError

session = boto3.Session(region_name="eu-central-1")
s3 = boto3.client("s3", endpoint_url="http://localhost", config=Config(max_pool_connections=10))
own = session.client("s3")
try:
    s3.upload_file("a", "bucket", "a")
    with open("a", "rb") as file:
        s3.upload_fileobj(file, "bucket", "a", Config=TransferConfig(max_concurrency=4))
        s3.put_object(Bucket="bucket", Key="a", Body=file)
    s3.download_file("bucket", "a", "a")
    with open("b", "wb") as file:
        own.download_fileobj("bucket", "a", file)
    body = s3.get_object(Bucket="bucket", Key="a")["Body"].read()
    print(s3.head_object(Bucket="bucket", Key="a"), s3.list_objects_v2(Bucket="bucket"))
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="bucket"):
        print(page)
    s3.delete_object(Bucket="bucket", Key="a")
    bucket = boto3.resource("s3").Bucket("bucket")
except (ClientError, NoCredentialsError):
    pass
